"""Holes planted into who sees what: the walker, or one of its companions, finds each of them."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
import pytest

from federation.admission.known import KnownOperation
from federation.admission.requests import Grants
from kit import cursors
from kit.errors import NotFound
from kit.viewer import Hat, Viewer
from models.feeds import Condition
from models.members.account import Member
from models.orders.order import ShopOrder
from models.orders.rows import CouponRow
from models.reading import by_id
from models.scope import Owners, PrivateFeed, Scope, Within
from resolvers.context import Context
from schema.filtering import Guarded
from schema.rules import Rule
from subgraphs import guards, runtime
from subgraphs.orders import subgraph as ORDERS
from tests.support import world
from tests.support.walker.filters import wrong_askings
from tests.support.walker.judging import Sights, lacks, leaks, matrix
from tests.support.walker.keys import KEYS, answer_of, by_key
from tests.support.walker.mutations import INPUTS, mutation
from tests.support.walker.paths import Ways
from tests.support.walker.walking import SILENT, behind, mall, operations, owned_by, told, viewer_of, walked

pytestmark = pytest.mark.usefixtures("database", "noon")

Plant = Callable[[pytest.MonkeyPatch], None]
Catch = Callable[[], Awaitable[list[str]]]


def too_much(hat: str, root: str) -> Catch:
    """What the hat sees behind a root field, and the matrix says it must not."""

    async def catch() -> list[str]:
        asked = mall()
        walk = operations(Ways(asked.engine.supergraph.api_schema, "Query"), [hat], through=root)
        try:
            sights = await walked(asked, walk, hat, await world.owners())
        except AssertionError as caught:
            return [str(caught)]
        return leaks(matrix()[hat], sights)

    return catch


def unscoped(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(Owners, "within", lambda self, scope, of: Within(of))


def unjudged(plant: pytest.MonkeyPatch) -> None:
    """Nobody judges the rows that come out."""

    def kept(rule: Rule, viewer: Viewer, cells: Sequence[Any], what: str) -> list[Any]:
        return list(cells)

    for module in (guards, runtime):
        plant.setattr(module, "kept", kept)


def opened(*fields: str, to: Hat | None = None) -> Plant:
    """The guard of fields lets everybody in, or everybody under a hat."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        judged = Rule.refusals

        def refusals(rule: Rule, viewer: Viewer, rows: Sequence[Any], what: str) -> list[Exception | None]:
            if what in fields and (to is None or viewer.hat is to):
                return [None] * len(rows)
            return judged(rule, viewer, rows, what)

        patch.setattr(Rule, "refusals", refusals)

    return plant


def all_of(*plants: Plant) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        for one in plants:
            one(patch)

    return plant


def loose_count(patch: pytest.MonkeyPatch) -> None:
    """How many rows there are is counted without a scope."""

    async def counts(self: PrivateFeed[Any], lists: Sequence[Within]) -> list[int]:
        return await self._feed.counts([Condition("1 = 1", ()) for _ in lists])

    patch.setattr(PrivateFeed, "counts", counts)


def clear_cursor(patch: pytest.MonkeyPatch) -> None:
    for name in ("seal", "seal_key"):
        patch.setattr(cursors, name, lambda values: base64.urlsafe_b64encode(orjson.dumps(values)).decode())


def shared_context(patch: pytest.MonkeyPatch) -> None:
    """What was read for one viewer is kept for the next."""
    kept: dict[str, Context] = {}

    def context(self: runtime.RequestScope, subgraph: str, *, fresh: bool) -> Context:
        return kept.setdefault(subgraph, Context(viewer_of("member", "b"), self.tools))

    patch.setattr(runtime.RequestScope, "context", context)


def one_cut_for_all(patch: pytest.MonkeyPatch) -> None:
    """What was left of an operation for the first asker is what the next one gets."""
    left_for = KnownOperation.left_for
    first: dict[int, Any] = {}

    async def left(self: KnownOperation, grants: Grants) -> Any:
        return first.setdefault(id(self), await left_for(self, grants))

    patch.setattr(KnownOperation, "left_for", left)


async def other_left() -> list[str]:
    """What a member sees less of after a guest has asked the same."""
    asked, owners = mall(), await world.owners()
    walk = operations(Ways(asked.engine.supergraph.api_schema, "Query"), ["guest", "member"], through="me")
    for hat in ("guest", "member"):
        sights = await walked(asked, walk, hat, owners)
    cells = {spot: cell for spot, cell in matrix()["member"].items() if spot.startswith(("Address.", "Coupon."))}
    return lacks(cells, sights, SILENT)


def talkative(patch: pytest.MonkeyPatch) -> None:
    """Who asks for a foreign order is told whose it is."""
    read = PrivateFeed.by_id

    async def told(self: PrivateFeed[Any], asked: Sequence[tuple[Scope, str]]) -> list[Any]:
        found = await read(self, asked)
        for row, (_, key) in zip(found, asked, strict=True):
            order = await ShopOrder.get_or_none(id=key) if row is None else None
            if order:
                buyer = await Member.get(id=order.member_id)
                raise NotFound("order.unknown", f"this is an order of {buyer.nickname}")
        return found

    patch.setattr(PrivateFeed, "by_id", told)


def looking_first(patch: pytest.MonkeyPatch) -> None:
    """A foreign order costs a statement more than a missing one."""
    read = PrivateFeed.by_id

    async def looked(self: PrivateFeed[Any], asked: Sequence[tuple[Scope, str]]) -> list[Any]:
        if await ShopOrder.filter(id__in=[key for _, key in asked]).count():
            await read(self, asked)
        return await read(self, asked)

    patch.setattr(PrivateFeed, "by_id", looked)


async def told_apart() -> list[str]:
    """Whether a foreign order answers in another way than a missing one."""
    asked, viewer = mall(), viewer_of("member", "a")
    one = behind(Ways(asked.engine.supergraph.api_schema, "Query"), "order")
    answers = [await told(asked, one, "order", id_, viewer) for id_ in ("ord_none", "ord_b", "ord_none")]
    return [] if answers[1] == answers[2] else ["a foreign order is told from a missing one"]


def keyed(entity: str, hat: str) -> Catch:
    """What a foreign key opens for a hat, and the matrix says it must not."""

    async def catch() -> list[str]:
        sights, viewer = Sights(), viewer_of(hat, "a")
        one = by_key(ORDERS, entity)
        answer, _ = await answer_of(ORDERS, one, entity, KEYS[entity].format(side="b"), hat)
        sights.add(one.seen(answer["data"]), owned_by(viewer, await world.owners()))
        return leaks(matrix()[hat], sights)

    return catch


def wrong_payload(patch: pytest.MonkeyPatch) -> None:
    """A mutation answers with a row that is another's."""

    async def wrong(self: PrivateFeed[Any], asked: Sequence[tuple[Scope, str]]) -> list[Any]:
        return await by_id("orders", "coupon", CouponRow, ["cpn_b"])

    patch.setattr(PrivateFeed, "by_id", wrong)
    patch.setattr(guards, "kept", lambda rule, viewer, cells, what: list(cells))


async def paid_out() -> list[str]:
    """What the member of side `a` sees of the coupon that was taken."""
    asked, viewer, sights = mall(), viewer_of("member", "a"), Sights()
    one = mutation(Ways(asked.engine.supergraph.api_schema, "Mutation"), "takeCoupon", INPUTS["takeCoupon"])
    answer = await asked.ask(one.text, viewer)
    sights.add(one.seen(answer["data"]), owned_by(viewer, await world.owners()))
    return leaks(matrix()["member"], sights)


def unguarded_filters(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Guarded, "check", lambda self, viewer, path: None)


async def asked_by() -> list[str]:
    """What a clerk may ask orders by, and may not read."""
    return await wrong_askings(mall(), "shop clerk")


HOLES: dict[str, tuple[Plant, Catch]] = {
    "a field's guard removed": (opened("phone", "joinedAt"), too_much("member", "note")),
    "a guard that lets any member in": (opened("orders", to=Hat.MEMBER), keyed("Member", "member")),
    "a list without a scope": (all_of(unscoped, unjudged, opened("orders")), too_much("shop clerk", "shop")),
    "a count without a scope": (loose_count, too_much("member", "me")),
    "a cursor that can be read": (clear_cursor, too_much("guest", "shops")),
    "a context kept for the next viewer": (shared_context, too_much("member", "me")),
    "one viewer's cut served to another": (one_cut_for_all, other_left),
    "an error that names the owner": (talkative, told_apart),
    "a statement more for what is there": (looking_first, told_apart),
    "a key that opens without a scope": (all_of(unscoped, unjudged), keyed("ShopOrder", "member")),
    "a key that opens to a guest": (all_of(unscoped, unjudged, opened("coupons", "offer")), keyed("Coupon", "guest")),
    "a payload with another's row": (wrong_payload, paid_out),
    "a filter and a sort order without a guard": (unguarded_filters, asked_by),
}


@pytest.mark.parametrize("hole", HOLES)
async def test_a_planted_hole_is_found(hole: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.build()
    plant, catch = HOLES[hole]
    assert await catch() == []
    plant(monkeypatch)
    assert await catch() != []
