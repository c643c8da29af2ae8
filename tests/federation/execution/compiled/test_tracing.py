"""A traced run answers as any other, and knows when each field of the response was asked for and there."""

from __future__ import annotations

from itertools import count

from federation.execution.compiled.tracing import Trace
from tests.federation.execution.compiled.shop import Shop, Watched


def ticking() -> Trace:
    """A trace whose clock moves on by one whenever it is read."""
    return Trace(clock=count().__next__)


def lines(trace: Trace) -> list[str]:
    return [
        f"{'.'.join(map(str, path))}: {span.type} of {span.parent} {span.start}-{span.end}"
        for path, span in trace.spans.items()
    ]


async def test_rows_of_a_level_share_the_times_of_their_call_and_attributes_have_those_of_their_row() -> None:
    trace = ticking()
    compiled = Watched().compiled("{ shops { name goods { stock } } }")
    traced = await compiled.run(None, {}, None, trace)
    assert lines(trace) == [
        "shops: [Shop!] of Query 1-2",
        *("shops.0.name: String! of Shop 2-2", "shops.0.goods: [Good!]! of Shop 3-4"),
        *("shops.0.goods.0.stock: Int! of Good 5-6", "shops.0.goods.1.stock: Int! of Good 5-6"),
        *("shops.1.name: String! of Shop 2-2", "shops.1.goods: [Good!]! of Shop 3-4"),
        *("shops.1.goods.0.stock: Int! of Good 5-6", "shops.1.goods.1.stock: Int! of Good 5-6"),
    ]
    assert traced == await compiled.run(None, {}, None)


async def test_calls_of_one_level_overlap() -> None:
    trace = ticking()
    await Watched().compiled("{ shops(first: 1) { goods { name } owner { name } } }").run(None, {}, None, trace)
    goods, owner = trace.spans["shops", 0, "goods"], trace.spans["shops", 0, "owner"]
    assert (goods.start, owner.start, goods.end, owner.end) == (3, 4, 5, 6)


async def test_members_of_a_union_have_their_own_types_and_aliases_their_own_places() -> None:
    trace = ticking()
    query = "{ anything { __typename ... on Shop { title: name } ... on Person { name } } }"
    await Watched(shops=[Shop("a")]).compiled(query).run(None, {}, None, trace)
    assert lines(trace) == [
        "anything: [Thing] of Query 1-2",
        *("anything.0.__typename: String! of Shop 2-2", "anything.0.title: String! of Shop 2-2"),
        *("anything.2.__typename: String! of Person 2-2", "anything.2.name: String! of Person 2-2"),
    ]


async def test_root_fields_of_a_mutation_follow_each_other() -> None:
    trace = ticking()
    await (
        Watched()
        .compiled('mutation { a: open(name: "x") { name } b: close(name: "y") { name } }')
        .run(None, {}, None, trace)
    )
    assert lines(trace) == [
        *("a: Shop! of Mutation 1-2", "a.name: String! of Shop 2-2"),
        *("b: Shop of Mutation 3-4", "b.name: String! of Shop 4-4"),
    ]


async def test_a_denied_field_is_in_the_trace_and_in_the_errors() -> None:
    trace = ticking()
    watched = Watched(shops=[Shop("a")], open_to=lambda row: PermissionError("closed"))
    data, errors = await watched.compiled("{ shops { secret } }").run(None, {}, None, trace)
    assert data == {"shops": [{"secret": None}]}
    assert [error.path for error in errors] == [["shops", 0, "secret"]]
    assert lines(trace)[-1] == "shops.0.secret: String of Shop 3-4"
