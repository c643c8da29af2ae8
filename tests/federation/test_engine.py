"""The engine from a request to its answer: what it admits, plans once, cuts, introspects, renders and reloads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pytest

from federation.admission import Admission, Grants, GraphQLRequest, Limits
from federation.engine import Engine, GraphQLResponse, Options
from federation.errors import SubgraphError
from federation.execution.pace import BEGINNINGS
from federation.execution.transport import InProcessTransport, RequestContext, SubgraphRequest, SubgraphResponse
from federation.planning import plan
from tests.federation.small_mall import PRODUCTS, REVIEWS, Subgraph, supergraph

SUPERGRAPH = supergraph()


class Mall:
    """An engine over two subgraphs in this process."""

    def __init__(self, options: Options | None = None, **replaced: InProcessTransport) -> None:
        self.products = Subgraph(PRODUCTS)
        self.reviews = Subgraph(REVIEWS)
        self.transports = {
            "products": InProcessTransport("products", self.products.call),
            "reviews": InProcessTransport("reviews", self.reviews.call),
            **replaced,
        }
        self.engine = Engine(SUPERGRAPH, self.transports, options)

    async def ask(self, query: str, grants: Grants | None = None, **variables: Any) -> GraphQLResponse:
        return await self.engine.execute(GraphQLRequest(query, variables=variables), None, grants)

    async def body(self, query: str, grants: Grants | None = None, **variables: Any) -> dict[str, Any]:
        return (await self.ask(query, grants, **variables)).body()

    @property
    def asked(self) -> tuple[int, int]:
        """Requests to products, to reviews."""
        return len(self.products.requests), len(self.reviews.requests)


async def failing(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
    raise RuntimeError("http://10.0.0.1 password")


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one for each plan that is made."""
    made: list[str] = []

    def counted(*arguments: Any, **options: Any) -> Any:
        made.append("plan")
        return plan(*arguments, **options)

    monkeypatch.setattr("federation.engine.plan", counted)
    return made


async def test_an_answer_is_put_together_from_two_subgraphs() -> None:
    mall = Mall()
    assert await mall.body("query ($id: ID!) { product(id: $id) { stars name } }", id=5) == {
        "data": {"product": {"stars": 4, "name": "product 5"}}
    }
    assert mall.asked == (1, 1)


async def test_what_is_refused_has_no_data_and_asks_nobody() -> None:
    mall = Mall(Options(limits=Limits(cost=100)))
    for query, code in (
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: ID!) { product(id: $id) { name } }", "BAD_USER_INPUT"),
        ("{ products(first: 1000) { name } }", "COST_ESTIMATED_TOO_EXPENSIVE"),
        ("query A { secret } query B { secret }", "OPERATION_RESOLUTION_FAILURE"),
    ):
        response = await mall.ask(query)
        assert (response.status, [error["extensions"]["code"] for error in response.errors]) == (400, [code])
        assert list(response.body()) == ["errors"]
    assert mall.asked == (0, 0)


async def test_a_plan_is_made_once_for_what_is_the_same(planned: list[str]) -> None:
    mall = Mall()
    query = "query ($id: ID!, $more: Boolean!) { product(id: $id) { name stars @include(if: $more) } }"
    for number in range(3):
        await mall.body(query, id=number, more=True)
    assert planned == ["plan"]
    assert await mall.body(query, id=1, more=False) == {"data": {"product": {"name": "product 1"}}}
    assert len(planned) == 2


async def test_a_plan_is_never_shared_between_those_who_may_see_different_things(planned: list[str]) -> None:
    mall = Mall()
    query = "{ product(id: 1) { name cost } secret }"
    seller = Grants(True, frozenset({"seller"}))
    told = {"data": {"product": {"name": "product 1", "cost": 7}, "secret": "told"}}
    cut = {"data": {"product": {"name": "product 1", "cost": None}, "secret": None}}
    for _ in range(2):
        assert await mall.body(query, seller) == told
        guest = await mall.body(query)
        assert {"data": guest["data"]} == cut
        assert guest["errors"] == [
            {
                "message": "You may not read this field or type",
                "path": path,
                "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"},
            }
            for path in (["product", "cost"], ["secret"])
        ]
    assert len(planned) == 2
    assert [("cost" in request.query, "secret" in request.query) for request in mall.products.requests] == [
        (True, True),
        (False, False),
    ] * 2


async def test_what_is_cut_whole_asks_no_subgraph() -> None:
    mall = Mall()
    assert (await mall.body("{ secret }"))["data"] == {"secret": None}
    assert mall.asked == (0, 0)


async def test_the_schema_is_shown_without_asking_and_beside_data_in_order() -> None:
    mall = Mall()
    query = '{ a: __type(name: "Product") { name } product(id: 1) { name } __schema { queryType { name } } }'
    found = await mall.body(query)
    assert repr(found) == repr(
        {
            "data": {
                "a": {"name": "Product"},
                "product": {"name": "product 1"},
                "__schema": {"queryType": {"name": "Query"}},
            }
        }
    )
    assert await mall.body("{ __typename }") == {"data": {"__typename": "Query"}}
    names = await mall.body("query ($n: String!) { __type(name: $n) { fields { name } } }", n="Review")
    assert names == {"data": {"__type": {"fields": [{"name": "text"}, {"name": "product"}]}}}
    assert mall.asked == (1, 0)


async def test_the_machinery_of_federation_is_not_in_the_schema() -> None:
    found = await Mall().body("{ __schema { types { name } directives { name } } }")
    shown = {item["name"] for group in found["data"]["__schema"].values() for item in group}
    assert {name for name in shown if name.startswith(("join", "link", "_E", "_A", "federation"))} == set()


async def test_introspection_can_be_closed() -> None:
    found = await Mall(Options(introspection=False)).ask("{ __schema { queryType { name } } }")
    assert (found.status, found.errors[0]["extensions"]["code"]) == (400, "INTROSPECTION_DISABLED")


async def test_a_failing_subgraph_takes_its_own_part_and_tells_no_secret() -> None:
    mall = Mall(reviews=InProcessTransport("reviews", failing))
    found = await mall.body("{ product(id: 1) { name } reviews { text } }")
    assert found["data"] == {"product": {"name": "product 1"}, "reviews": None}
    assert [error["extensions"] for error in found["errors"]] == [{"code": "SUBGRAPH_FAILED", "service": "reviews"}]
    assert "10.0.0.1" not in str(found)


async def test_the_deadline_of_a_request_ends_its_calls() -> None:
    async def slow(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        await asyncio.Event().wait()
        raise AssertionError

    mall = Mall(Options(deadline=0.05), products=InProcessTransport("products", slow))
    found = await mall.body("{ product(id: 1) { name } reviews { text } }")
    assert found["data"] == {"product": None, "reviews": [{"text": "good"}]}
    assert [error["extensions"]["code"] for error in found["errors"]] == ["SUBGRAPH_TIMEOUT"]


async def test_a_callers_deadline_and_value_reach_the_subgraph() -> None:
    mall = Mall()
    soon = time.monotonic() + 1
    await mall.engine.execute(GraphQLRequest("{ secret }"), RequestContext({"a": "b"}, soon, "viewer"), Grants(True))
    assert mall.products.contexts == [RequestContext({"a": "b"}, soon, "viewer")]


async def test_a_mutation_runs_once_and_not_where_only_reading_is_allowed() -> None:
    mall = Mall()
    text = 'mutation { rename(id: 1, name: "x") { name stars } }'
    assert await mall.body(text) == {"data": {"rename": {"name": "x", "stars": 4}}}
    assert mall.asked == (1, 1)
    refused = await mall.engine.execute(GraphQLRequest(text, read_only=True))
    assert (refused.status, refused.errors[0]["extensions"]["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert mall.asked == (1, 1)


@pytest.mark.parametrize(
    ("label", "labels", "chance", "service"),
    [
        ("canary", frozenset(), 0.0, "products"),
        ("canary", frozenset({"canary"}), 0.0, "reviews"),
        ("percent(30)", frozenset(), 0.29, "reviews"),
        ("percent(30)", frozenset(), 0.31, "products"),
    ],
)
async def test_override_labels_decide_who_is_asked(
    label: str, labels: frozenset[str], chance: float, service: str
) -> None:
    reviews = REVIEWS.replace("stars", f'name: String @override(from: "products", label: "{label}") stars')
    asked: list[str] = []

    def named(name: str, sdl: str) -> InProcessTransport:
        subgraph = Subgraph(sdl.replace(f'@override(from: "products", label: "{label}")', ""))

        async def call(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
            if "name" in request.query.replace("__typename", ""):
                asked.append(name)
            return await subgraph.call(request, context)

        return InProcessTransport(name, call)

    transports = {"products": named("products", PRODUCTS), "reviews": named("reviews", reviews)}
    options = Options(labels=labels, chance=lambda: chance)
    engine = Engine(supergraph(reviews=reviews), transports, options)
    response = await engine.execute(GraphQLRequest("{ product(id: 1) { name } }"))
    assert (response.body(), asked) == ({"data": {"product": {"name": "product 1"}}}, [service])


class Closing(InProcessTransport):
    """A transport that tells when it was closed."""

    closed = False

    async def aclose(self) -> None:
        self.closed = True


async def test_a_reload_serves_the_new_and_lets_the_old_finish() -> None:
    release = asyncio.Event()
    subgraph = Subgraph(PRODUCTS)

    async def held(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        await release.wait()
        return await subgraph.call(request, context)

    old = Closing("products", held)
    kept = Closing("reviews", Subgraph(REVIEWS).call)
    engine = Engine(SUPERGRAPH, {"products": old, "reviews": kept})
    under_way = asyncio.create_task(engine.execute(GraphQLRequest("{ product(id: 1) { name stars } }")))
    await asyncio.sleep(0)

    wider = PRODUCTS.replace("name: String", "name: String title: String")
    reload = asyncio.create_task(
        engine.reload(
            supergraph(products=wider), {"products": Closing("products", Subgraph(wider).call), "reviews": kept}
        )
    )
    while engine.supergraph is SUPERGRAPH:
        await asyncio.sleep(0.001)
    assert (await engine.execute(GraphQLRequest("{ product(id: 2) { title } }"))).body() == {
        "data": {"product": {"title": None}}
    }
    assert (old.closed, reload.done()) == (False, False)
    release.set()
    assert (await under_way).body() == {"data": {"product": {"name": "product 1", "stars": 4}}}
    await reload
    assert (old.closed, kept.closed) == (True, False)
    await engine.aclose()
    assert kept.closed


async def test_the_same_answer_for_a_hundred_at_once() -> None:
    mall = Mall()
    bodies: list[Mapping[str, Any]] = await asyncio.gather(
        *(mall.body("query ($id: ID!) { product(id: $id) { name stars } }", id=number) for number in range(100))
    )
    assert bodies == [{"data": {"product": {"name": f"product {number}", "stars": 4}}} for number in range(100)]


async def test_of_very_many_at_once_only_some_begin_at_each_turn_of_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    mall, admit, begun = Mall(), Admission.admit, [0]

    async def counted(self: Admission, *given: Any) -> Any:
        begun[0] += 1
        return await admit(self, *given)

    monkeypatch.setattr(Admission, "admit", counted)
    asking = [asyncio.create_task(mall.ask("{ __typename }")) for _ in range(40)]
    each_turn = []
    while begun[0] < len(asking):
        before = begun[0]
        await asyncio.sleep(0)
        each_turn.append(begun[0] - before)
    assert max(each_turn) == BEGINNINGS
    assert [(await one).errors for one in asking] == [[]] * len(asking)


async def test_errors_of_the_engine_are_rendered_alike() -> None:
    error = SubgraphError("SUBGRAPH_TIMEOUT", "Subgraph a did not answer", "a")
    assert (str(error), error.rendered()) == (
        "SUBGRAPH_TIMEOUT: Subgraph a did not answer",
        {"message": "Subgraph a did not answer", "extensions": {"code": "SUBGRAPH_TIMEOUT", "service": "a"}},
    )
