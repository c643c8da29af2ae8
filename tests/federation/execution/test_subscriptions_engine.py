"""Subscriptions through the engine: admitted like anything else, bounded, and closed at both ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from federation.admission import Grants, GraphQLRequest, Limits
from federation.engine import Engine, GraphQLResponse, Options
from federation.errors import AdmissionError, SubgraphError, SubgraphRefusal
from federation.execution.transport import InProcessTransport, RequestContext, SubgraphRequest, SubgraphResponse
from tests.federation.execution.feeds import PAID, SDL, Feed, Shop, composed, paid, refusal, shown, until

SHOP = 'subscription ($shop: ID = "s1") { paid(shop: $shop) { total parcel } }'


async def test_each_event_is_answered_with_the_entities_of_other_subgraphs() -> None:
    shop = Shop()
    stream, feed = await shop.opened(SHOP)
    for number in (1, 2):
        feed.put(paid(number))
        assert (await stream.next()).body() == shown(number)
    feed.put(None)
    assert await stream.rest() == []
    assert feed.closed.is_set()
    assert shop.asked == [
        SubgraphRequest(shop.asked[0].query, {"shop": "s1"}, None, "subscription"),
    ]
    assert len(shop.known["shipping"].requests) == 2
    assert shop.known["orders"].requests == []


async def test_it_is_planned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    original = Engine._plan
    monkeypatch.setattr(Engine, "_plan", lambda *given: made.append(given) or original(*given))
    shop = Shop()
    stream, feed = await shop.opened()
    feed.put(paid(1), paid(2), paid(3), None)
    assert [answer.body() for answer in await stream.rest()] == [shown(1), shown(2), shown(3)]
    assert len(made) == 1


async def test_a_query_and_a_mutation_have_one_answer() -> None:
    shop = Shop()
    for query in ("{ orders { total } }", "mutation { pay { total } }"):
        answers = await shop.stream(query).rest()
        assert [answer.executed for answer in answers] == [True]
    assert [request.operation for request in shop.known["orders"].requests] == ["query", "mutation"]
    assert shop.feeds == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { paid { total } log { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($x: Boolean!) { paid @skip(if: $x) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($n: Int!) { log(lines: $n) { id } }", "BAD_USER_INPUT"),
        ("subscription { log { total parcel id } }", "COST_ESTIMATED_TOO_EXPENSIVE"),
    ],
)
async def test_what_is_refused_has_one_answer_and_asks_nobody(query: str, code: str) -> None:
    shop = Shop(Options(limits=Limits(cost=20)))
    (answer,) = await shop.stream(query).rest()
    assert refusal(answer) == (False, [code])
    assert (answer.status, "data" in answer.body()) == (400, False)
    assert (shop.feeds, shop.known["orders"].requests) == ([], [])


async def test_a_subscription_is_admitted_only_where_its_answers_can_be_sent() -> None:
    shop = Shop()
    response = await shop.engine.execute(GraphQLRequest(PAID))
    assert (response.status, *refusal(response)) == (400, False, ["SUBSCRIPTIONS_NOT_SUPPORTED"])
    assert shop.feeds == []


async def test_a_get_may_subscribe_but_not_change_anything() -> None:
    shop = Shop()
    (answer,) = [a async for a in shop.engine.subscribe(GraphQLRequest("mutation { pay { id } }", read_only=True))]
    assert (answer.status, *refusal(answer)) == (405, False, ["METHOD_NOT_ALLOWED"])
    answers = shop.engine.subscribe(GraphQLRequest(PAID, read_only=True))
    first = asyncio.ensure_future(anext(answers))
    await until(lambda: bool(shop.feeds))
    shop.feeds[0].put(paid(1))
    assert (await first).body() == shown(1)
    await answers.aclose()


async def test_what_the_viewer_may_not_read_is_cut_from_every_event() -> None:
    shop = Shop()
    shipping = SDL["shipping"].replace("parcel: String", "parcel: String @authenticated")
    shop.engine = Engine(composed(shipping=shipping), shop.transports)
    stream, feed = await shop.opened()
    feed.put(paid(1), paid(2), None)
    for number, answer in zip((1, 2), await stream.rest(), strict=True):
        assert answer.data == {"paid": {"total": number, "parcel": None}}
        assert refusal(answer) == (True, ["UNAUTHORIZED_FIELD_OR_TYPE"])
    assert shop.known["shipping"].requests == []
    member, feed = await shop.opened(grants=Grants(authenticated=True))
    feed.put(paid(3), None)
    assert [answer.body() for answer in await member.rest()] == [shown(3)]


async def test_a_subscription_of_which_nothing_may_be_read_is_refused() -> None:
    orders = SDL["orders"].replace("paid(shop: ID): Order", "paid(shop: ID): Order @authenticated")
    shop = Shop()
    shop.engine = Engine(composed(orders=orders), shop.transports)
    (answer,) = await shop.stream().rest()
    assert refusal(answer) == (False, ["UNAUTHORIZED_FIELD_OR_TYPE"])
    assert shop.feeds == []


async def test_an_outage_beside_the_event_takes_its_own_part_of_each_event() -> None:
    down = True

    async def shipping(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        if down:
            raise SubgraphError("SUBGRAPH_UNREACHABLE", "Subgraph shipping cannot be reached", "shipping")
        return await shop.known["shipping"].send(request, context)

    shop = Shop(shipping=InProcessTransport("shipping", shipping))
    stream, feed = await shop.opened()
    feed.put(paid(1))
    answer = await stream.next()
    assert answer.body() == {
        "errors": [
            {
                "message": "Subgraph shipping cannot be reached",
                "path": ["paid"],
                "extensions": {"code": "SUBGRAPH_UNREACHABLE", "service": "shipping"},
            }
        ],
        "data": {"paid": {"total": 1, "parcel": None}},
    }
    down = False
    feed.put(paid(2))
    assert (await stream.next()).body() == shown(2)
    await stream.leave()


async def test_errors_in_an_event_stand_in_its_answer() -> None:
    shop = Shop()
    stream, feed = await shop.opened()
    feed.put(SubgraphResponse({"paid": None}, [{"message": "lost", "path": ["paid"]}]), None)
    (answer,) = await stream.rest()
    assert answer.body() == {
        "errors": [
            {"message": "lost", "path": ["paid"], "extensions": {"code": "SUBGRAPH_ERROR", "service": "orders"}}
        ],
        "data": {"paid": None},
    }


@pytest.mark.parametrize("events", [0, 2])
@pytest.mark.parametrize(
    ("failure", "entry"),
    [
        pytest.param(
            SubgraphError("SUBGRAPH_UNREACHABLE", "Subgraph orders broke the subscription off", "orders"),
            {
                "message": "Subgraph orders broke the subscription off",
                "extensions": {"code": "SUBGRAPH_UNREACHABLE", "service": "orders"},
            },
            id="lost",
        ),
        pytest.param(
            SubgraphRefusal("orders", [{"message": "no such shop", "extensions": {"code": "NOT_FOUND", "trace": "x"}}]),
            {"message": "no such shop", "extensions": {"code": "NOT_FOUND", "service": "orders"}},
            id="refused",
        ),
        pytest.param(
            RuntimeError("http://10.0.0.1 password"),
            {"message": "Subgraph orders failed", "extensions": {"code": "SUBGRAPH_FAILED", "service": "orders"}},
            id="broken",
        ),
    ],
)
async def test_an_upstream_that_fails_ends_the_subscription_after_what_it_sent(
    events: int, failure: Exception, entry: dict[str, Any]
) -> None:
    shop = Shop()
    stream, feed = await shop.opened()
    feed.put(*(paid(number) for number in range(events)), failure)
    *answers, last = await stream.rest()
    assert [answer.body() for answer in answers] == [shown(number) for number in range(events)]
    assert (last.executed, last.body()) == (False, {"errors": [entry]})
    assert feed.closed.is_set()


async def test_a_subgraph_that_cannot_be_subscribed_to_says_so() -> None:
    class Reading:
        async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
            raise AssertionError

    async def never(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        raise AssertionError

    for transport in (Reading(), InProcessTransport("orders", never)):
        (answer,) = await Shop(orders=transport).stream().rest()
        assert refusal(answer) == (False, ["SUBSCRIPTIONS_NOT_SUPPORTED"])
        assert answer.errors[0]["extensions"]["service"] == "orders"


async def test_a_mistake_of_a_transport_is_kept_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
            raise AssertionError

        def subscribe(self, request: SubgraphRequest, context: RequestContext) -> Feed:
            feed = Feed()
            feed.put(RuntimeError("http://10.0.0.1 password"))
            return feed

    (answer,) = await Shop(orders=Broken()).stream().rest()
    extensions = {"code": "SUBGRAPH_FAILED", "service": "orders"}
    assert answer.body() == {"errors": [{"message": "Subgraph orders failed", "extensions": extensions}]}
    assert "password" in caplog.text


async def test_a_client_that_leaves_closes_the_upstream() -> None:
    shop = Shop()
    waiting, feed = await shop.opened()
    await waiting.leave()
    assert feed.closed.is_set()
    taking, feed = await shop.opened()
    feed.put(paid(1), paid(2))
    await taking.next()
    await taking.leave()
    assert feed.closed.is_set()


async def test_a_client_that_is_too_slow_loses_the_subscription_and_is_told() -> None:
    shop = Shop(Options(events=3))
    stream, feed = await shop.opened()
    feed.put(paid(0))
    assert (await stream.next()).body() == shown(0)
    feed.put(*(paid(number) for number in range(1, 4)))
    assert (await stream.next()).body() == shown(1)  # three may wait
    feed.put(*(paid(number) for number in range(4, 7)))
    await asyncio.wait_for(feed.closed.wait(), 5)  # at once, not when the client comes back
    (answer,) = await stream.rest()
    assert refusal(answer) == (False, ["SUBSCRIPTION_CLIENT_TOO_SLOW"])


async def test_the_number_of_subscriptions_is_limited_and_a_place_is_free_again() -> None:
    shop = Shop(Options(subscriptions=2))
    first, feed = await shop.opened()
    second, _ = await shop.opened()
    (refused,) = await shop.stream().rest()
    assert (refused.status, *refusal(refused)) == (503, False, ["SUBSCRIPTION_LIMIT_EXCEEDED"])
    assert len(shop.feeds) == 2
    assert (await shop.engine.execute(GraphQLRequest("{ orders { id } }"))).executed  # others are not concerned
    feed.put(None)
    assert await first.rest() == []
    third, feed = await shop.opened()
    feed.put(paid(3))
    assert (await third.next()).body() == shown(3)
    for stream in (second, third):
        await stream.leave()


async def test_the_deadline_is_each_events_own() -> None:
    async def slow(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        await asyncio.sleep(0)
        if "o2" in str(request.variables):
            await asyncio.Event().wait()
        return await shop.known["shipping"].send(request, context)

    shop = Shop(Options(deadline=0.1), shipping=InProcessTransport("shipping", slow))
    stream, feed = await shop.opened()
    await asyncio.sleep(0.15)  # the stream has outlived it
    feed.put(paid(1), paid(2), paid(3), None)
    first, second, third = await stream.rest()
    assert (first.body(), third.body()) == (shown(1), shown(3))
    assert (second.data, refusal(second)) == ({"paid": {"total": 2, "parcel": None}}, (True, ["SUBGRAPH_TIMEOUT"]))


async def test_each_event_is_resolved_in_a_context_of_its_own() -> None:
    shop = Shop()
    values = iter("abc")

    async def renew() -> RequestContext:
        if (value := next(values)) == "c":
            raise AdmissionError("UNAUTHENTICATED", "The token has expired", status=401)
        return RequestContext({}, None, value)

    stream, feed = await shop.opened(context=RequestContext({"x": "y"}, None, "first"), renew=renew)
    feed.put(paid(1), paid(2), paid(3), paid(4))
    *answers, last = await stream.rest()
    assert [answer.body() for answer in answers] == [shown(1), shown(2)]
    assert [context.value for context in shop.contexts] == ["a", "b"]
    assert (last.status, *refusal(last)) == (401, False, ["UNAUTHENTICATED"])
    assert feed.closed.is_set()


async def test_a_reload_ends_subscriptions_so_that_clients_come_back_to_the_new_schema() -> None:
    shop = Shop()
    waiting, feed = await shop.opened()
    taking, other = await shop.opened()
    other.put(paid(1), paid(2))
    await taking.next()
    async with asyncio.timeout(5):  # it waits for no client
        await shop.engine.reload(composed(), shop.transports)
    for stream, upstream in ((waiting, feed), (taking, other)):
        (answer,) = await stream.rest()
        assert refusal(answer) == (False, ["SUBSCRIPTION_SCHEMA_RELOAD"])
        assert upstream.closed.is_set()
    again, feed = await shop.opened()
    feed.put(paid(3), None)
    assert [answer.body() for answer in await again.rest()] == [shown(3)]


async def test_a_reload_lets_an_event_that_is_being_resolved_finish() -> None:
    release = asyncio.Event()

    async def held(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        begun.set()
        await release.wait()
        return await shop.known["shipping"].send(request, context)

    begun = asyncio.Event()
    shop = Shop(shipping=InProcessTransport("shipping", held))
    stream, feed = await shop.opened()
    feed.put(paid(1))
    await asyncio.wait_for(begun.wait(), 5)
    reload = asyncio.create_task(shop.engine.reload(composed(), shop.transports))
    await asyncio.wait_for(feed.closed.wait(), 5)
    assert not reload.done()
    release.set()
    answers = await stream.rest()
    assert [answer.executed for answer in answers] == [True, False]
    assert answers[0].body() == shown(1)
    await reload


async def test_a_closing_engine_ends_subscriptions_and_takes_no_more() -> None:
    shop = Shop()
    stream, feed = await shop.opened()
    await shop.engine.aclose()
    (answer,) = await stream.rest()
    assert refusal(answer) == (False, ["SUBSCRIPTION_SERVER_CLOSING"])
    assert feed.closed.is_set()
    (late,) = await shop.stream().rest()
    assert refusal(late) == (False, ["SUBSCRIPTION_SERVER_CLOSING"])


async def test_two_hundred_subscriptions_at_once_leave_nothing_behind() -> None:
    shop = Shop()
    before = len(asyncio.all_tasks())
    opened = [await shop.opened() for _ in range(200)]
    for number, (_, feed) in enumerate(opened):
        feed.put(paid(number))
    answers: list[GraphQLResponse] = await asyncio.gather(*(stream.next() for stream, _ in opened))
    assert [answer.body() for answer in answers] == [shown(number) for number in range(200)]
    await asyncio.gather(*(stream.leave() for stream, _ in opened))
    assert all(feed.closed.is_set() for _, feed in opened)
    assert (len(asyncio.all_tasks()), shop.engine._subscriptions) == (before, 0)
