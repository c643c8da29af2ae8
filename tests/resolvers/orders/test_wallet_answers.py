"""Coupons to take, and coupons that members hold."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kit.viewer import GUEST, Viewer
from models.orders.news import OrdersOutbox
from models.orders.order import IdempotencyRow
from models.orders.wallet import Coupon, CouponOffer
from models.states import CouponState
from resolvers.context import Context
from services.events import CouponTaken, fact_of
from subgraphs.answers import Answer
from subgraphs.orders import subgraph
from tests.factories import orders as make
from tests.support.moments import DAY, MINUTE, NOON
from tests.support.outboxes import facts
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

LIN = Viewer.member("mbr_lin")
OFFERS = """
query ($first: Int!, $after: String) {
  couponOffers(first: $first, after: $after) {
    totalCount
    edges { node { id title amount { amount currency } threshold { amount } remaining takenByMe shop { id } } }
    pageInfo { endCursor hasNextPage }
  }
}
"""
TAKE = """
mutation ($offer: ID!, $key: ID!) {
  takeCoupon(input: { offerId: $offer }, idempotencyKey: $key) {
    result { id state expiresAt offer { remaining takenByMe } }
    errors { __typename ... on UserError { code message path } }
    warnings { code }
  }
}
"""


async def take(offer_id: str, key: str, viewer: Viewer = LIN) -> Answer:
    return await subgraph.answer(TAKE, {"offer": offer_id, "key": key}, Context(viewer))


def payload(answer: Answer) -> Any:
    assert answer.errors == []
    assert answer.data is not None
    return answer.data["takeCoupon"]


async def test_offers_that_can_be_taken_come_in_order_with_the_viewers_own_count() -> None:
    second = await make.offer(position=2, taken=1)
    first = await make.offer(position=1, shop_id=None, taken=99)
    await make.offer(position=0, taken=100)
    await make.offer(position=0, ends_at=NOON)
    await make.offer(position=0, starts_at=NOON + MINUTE)
    await make.coupon("mbr_lin", offer_id=second.id)
    await make.coupon("mbr_wang", offer_id=first.id)

    with counted_statements() as statements:
        answer = await subgraph.answer(OFFERS, {"first": 5}, Context(LIN))
    assert answer.errors == []
    assert answer.data is not None
    shown = answer.data["couponOffers"]
    price = {"amount": {"amount": 3000, "currency": "CNY"}, "threshold": {"amount": 10000}}
    assert [edge["node"] for edge in shown["edges"]] == [
        {"id": first.id, "title": "满100减30", **price, "remaining": 1, "takenByMe": 0, "shop": None},
        {"id": second.id, "title": "满100减30", **price, "remaining": 99, "takenByMe": 1, "shop": {"id": "shp_tea"}},
    ]
    assert shown["totalCount"] == 2
    assert shown["pageInfo"]["hasNextPage"] is False
    assert len(statements) == 2  # one for the page and one, which Home does not ask for, for totalCount


@pytest.mark.parametrize("first", [10, 50])
@pytest.mark.parametrize("viewer", [LIN, GUEST])
async def test_the_offers_of_a_screen_are_one_statement(first: int, viewer: Viewer) -> None:
    for position in range(12):
        await make.offer(position=position)
    query = "query ($n: Int!) { couponOffers(first: $n) { edges { node { id takenByMe remaining shop { id } } } } }"
    with counted_statements() as statements:
        answer = await subgraph.answer(query, {"n": first}, Context(viewer))
    assert answer.data is not None
    assert len(answer.data["couponOffers"]["edges"]) == min(first, 12)
    assert len(statements) == 1


async def test_a_guest_has_taken_none_and_pages_do_not_overlap() -> None:
    offers = [await make.offer(position=place, taken=1) for place in range(3)]
    await make.coupon("mbr_lin", offer_id=offers[0].id)
    seen: list[str] = []
    after = None
    for _ in offers:
        answer = await subgraph.answer(OFFERS, {"first": 1, "after": after}, Context(GUEST))
        assert answer.data is not None
        page = answer.data["couponOffers"]
        assert [edge["node"]["takenByMe"] for edge in page["edges"]] == [0]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [offer.id for offer in offers]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_offers_found_by_key_count_the_viewers_own_too() -> None:
    offer = await make.offer(taken=1)
    await make.coupon("mbr_lin", offer_id=offer.id)
    query = """
    query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on CouponOffer { id takenByMe } } }
    """
    keys = [{"__typename": "CouponOffer", "id": key} for key in (offer.id, "cof_none")]
    for viewer, count in ((LIN, 1), (Viewer.member("mbr_wang"), 0), (GUEST, 0)):
        answer = await subgraph.answer(query, {"keys": keys}, Context(viewer))
        assert answer.errors == []
        assert answer.data == {"_entities": [{"id": offer.id, "takenByMe": count}, None]}


async def test_a_taken_coupon_is_in_the_wallet_and_told() -> None:
    offer = await make.offer()
    taken = payload(await take(offer.id, "key-1"))
    coupon = await Coupon.get(member_id="mbr_lin")
    assert taken == {
        "result": {
            "id": coupon.id,
            "state": "USABLE",
            "expiresAt": "2026-11-29T04:00:00+00:00",
            "offer": {"remaining": 99, "takenByMe": 1},
        },
        "errors": [],
        "warnings": [],
    }
    assert coupon.expires_at == NOON + 7 * DAY
    told = await facts(OrdersOutbox).get()
    fact = CouponTaken(told.id, coupon.id, offer.id, "shp_tea", "mbr_lin", NOON)
    assert fact_of(told.kind, told.body) == fact


async def test_the_same_key_gets_the_first_answer_again() -> None:
    offer = await make.offer(per_member=5)
    first, again = payload(await take(offer.id, "key-1")), payload(await take(offer.id, "key-1"))
    assert first == again
    assert (await CouponOffer.get(id=offer.id)).taken == 1
    assert payload(await take(offer.id, "key-2"))["result"]["id"] != first["result"]["id"]


async def test_a_refusal_is_the_first_answer_too() -> None:
    offer = await make.offer(total=1, taken=1)
    assert payload(await take(offer.id, "key-1"))["errors"][0]["__typename"] == "OfferEmpty"
    await CouponOffer.filter(id=offer.id).update(total=2)
    assert payload(await take(offer.id, "key-1"))["errors"][0]["__typename"] == "OfferEmpty"
    assert payload(await take(offer.id, "key-2"))["errors"] == []


async def test_the_same_key_of_another_member_is_another_key() -> None:
    offer = await make.offer()
    await take(offer.id, "key-1")
    assert payload(await take(offer.id, "key-1", Viewer.member("mbr_wang")))["errors"] == []
    assert await Coupon.all().count() == 2


async def test_the_same_key_with_another_question_is_a_conflict_and_changes_nothing() -> None:
    offer, other = await make.offer(), await make.offer()
    await take(offer.id, "key-1")
    answer = await take(other.id, "key-1")
    assert answer.data == {"takeCoupon": None}
    assert [(error["extensions"], error["path"]) for error in answer.errors] == [
        ({"code": "CONFLICT", "reason": "idempotency.reused"}, ["takeCoupon"])
    ]
    assert (await CouponOffer.get(id=other.id)).taken == 0


@pytest.mark.parametrize("key", ["", "k" * 65, "key ", "钥匙"])
async def test_what_is_no_key_is_refused(key: str) -> None:
    offer = await make.offer()
    answer = await take(offer.id, key)
    assert [error["extensions"] for error in answer.errors] == [{"code": "BAD_USER_INPUT", "reason": "idempotency.key"}]
    assert await Coupon.all().count() == await IdempotencyRow.all().count() == 0


async def test_a_missing_key_is_no_valid_operation() -> None:
    offer = await make.offer()
    query = 'mutation { takeCoupon(input: { offerId: "%s" }) { result { id } } }' % offer.id  # noqa: UP031
    answer = await subgraph.answer(query, {}, Context(LIN))
    assert answer.data is None
    assert [error["extensions"]["code"] for error in answer.errors] == ["BAD_USER_INPUT"]
    assert await Coupon.all().count() == 0


@pytest.mark.parametrize(
    ("columns", "refusal", "code"),
    [
        ({"taken": 100}, "OfferEmpty", "offer.empty"),
        ({"ends_at": NOON}, "OfferGone", "offer.gone"),
        ({"starts_at": NOON + MINUTE}, "OfferGone", "offer.gone"),
        ({"per_member": 0}, "OfferTaken", "offer.taken"),
    ],
)
async def test_refusals_are_typed_and_change_nothing(columns: dict[str, Any], refusal: str, code: str) -> None:
    offer = await make.offer(**columns)
    refused = payload(await take(offer.id, "key-1"))
    assert refused["result"] is None
    assert [(error["__typename"], error["code"], error["path"]) for error in refused["errors"]] == [
        (refusal, code, ["input", "offerId"])
    ]
    assert (await CouponOffer.get(id=offer.id)).taken == offer.taken
    assert await Coupon.all().count() == await facts(OrdersOutbox).count() == 0


async def test_there_is_no_such_offer() -> None:
    assert payload(await take("cof_none", "key-1"))["errors"][0]["__typename"] == "OfferGone"


async def test_a_guest_takes_nothing() -> None:
    offer = await make.offer()
    answer = await take(offer.id, "key-1", GUEST)
    assert answer.data == {"takeCoupon": None}
    assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"]
    assert await Coupon.all().count() == 0


async def test_fifty_members_at_once_take_the_ten_coupons_there_are() -> None:
    offer = await make.offer(total=10)
    viewers = [Viewer.member(f"mbr_{number}") for number in range(50)]
    answers = [payload(a) for a in await asyncio.gather(*(take(offer.id, "key", viewer) for viewer in viewers))]
    refused = [error["__typename"] for answer in answers for error in answer["errors"]]
    assert refused == ["OfferEmpty"] * 40
    assert len({answer["result"]["id"] for answer in answers if answer["result"]}) == 10
    assert (await CouponOffer.get(id=offer.id)).taken == 10
    assert await Coupon.filter(offer_id=offer.id).count() == await facts(OrdersOutbox).count() == 10


async def test_twenty_at_once_under_one_key_are_one() -> None:
    offer = await make.offer(per_member=20)
    answers = [payload(a) for a in await asyncio.gather(*(take(offer.id, "key") for _ in range(20)))]
    assert len({answer["result"]["id"] for answer in answers}) == 1
    assert (await CouponOffer.get(id=offer.id)).taken == await Coupon.all().count() == 1
    assert await facts(OrdersOutbox).count() == 1


async def test_one_member_at_once_under_many_keys_gets_what_one_member_may() -> None:
    offer = await make.offer(per_member=3)
    answers = [payload(a) for a in await asyncio.gather(*(take(offer.id, f"key-{n}") for n in range(20)))]
    assert [error["__typename"] for answer in answers for error in answer["errors"]] == ["OfferTaken"] * 17
    assert sorted(await Coupon.all().values_list("number", flat=True)) == [1, 2, 3]
    assert (await CouponOffer.get(id=offer.id)).taken == 3


WALLET = """
query ($members: [_Any!]!, $state: CouponState!) {
  _entities(representations: $members) {
    ... on Member { coupons(first: 10, state: $state) { totalCount edges { node { id state } } } }
  }
}
"""


async def test_a_wallet_shows_the_coupons_in_one_state_the_soonest_to_expire_first() -> None:
    later = await make.coupon("mbr_lin", expires_at=NOON + 2 * DAY)
    sooner = await make.coupon("mbr_lin", expires_at=NOON + DAY)
    late = await make.coupon("mbr_lin", expires_at=NOON)
    ended = await make.coupon("mbr_lin", expires_at=NOON - DAY, state=CouponState.EXPIRED)
    used = await make.coupon("mbr_lin", state=CouponState.USED)
    await make.coupon("mbr_wang")
    expected = {"USABLE": [sooner, later], "EXPIRED": [ended, late], "USED": [used]}
    for state, coupons in expected.items():
        variables = {"members": [{"__typename": "Member", "id": "mbr_lin"}], "state": state}
        answer = await subgraph.answer(WALLET, variables, Context(LIN))
        assert answer.errors == []
        assert answer.data is not None
        shown = answer.data["_entities"][0]["coupons"]
        assert [edge["node"] for edge in shown["edges"]] == [{"id": row.id, "state": state} for row in coupons]
        assert shown["totalCount"] == len(coupons)


async def test_nobody_sees_anothers_wallet() -> None:
    coupon = await make.coupon("mbr_lin")
    variables = {"members": [{"__typename": "Member", "id": "mbr_lin"}], "state": "USABLE"}
    by_key = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Coupon { id title } } }"
    keys = [{"__typename": "Coupon", "id": coupon.id}]
    for viewer in (GUEST, Viewer.member("mbr_wang"), Viewer.shop_staff("mbr_staff", "shp_tea", "OWNER")):
        answer = await subgraph.answer(WALLET, variables, Context(viewer))
        assert answer.data == {"_entities": [{"coupons": None}]}
        assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"]
        assert (await subgraph.answer(by_key, {"keys": keys}, Context(viewer))).data == {"_entities": [None]}
    assert (await subgraph.answer(by_key, {"keys": keys}, Context(LIN))).data == {
        "_entities": [{"id": coupon.id, "title": "满100减30"}]
    }
