"""Planning is bounded: what would explode is refused, and what is merely big is planned."""

from __future__ import annotations

import pytest
from graphql import parse

from federation.errors import PlanError
from federation.planning import plan
from federation.supergraph import Supergraph

GRAPHS = [f"G{n}" for n in range(8)]
MEMBERS = 10


def hydra() -> Supergraph:
    """An interface whose ten members each lead on in another of eight subgraphs: every level multiplies the ways."""
    enum = " ".join(f'{graph} @join__graph(name: "{graph.lower()}", url: "")' for graph in GRAPHS)
    everywhere = " ".join(f"@join__type(graph: {graph})" for graph in GRAPHS)
    keyed = " ".join(f'@join__type(graph: {graph}, key: "id")' for graph in GRAPHS)
    implemented = " ".join(f'@join__implements(graph: {graph}, interface: "Node")' for graph in GRAPHS)
    members = " ".join(
        f"type T{n} implements Node {implemented} {keyed} {{ id: ID! "
        f"next: Node @join__field(graph: {GRAPHS[n % 8]}) value: Int @join__field(graph: {GRAPHS[(n + 3) % 8]}) }}"
        for n in range(MEMBERS)
    )
    return Supergraph.parse(
        f"schema {{ query: Query }} enum join__Graph {{ {enum} }} type Query {everywhere} {{ node: Node }} "
        f"interface Node {everywhere} {{ id: ID! next: Node value: Int }} {members}"
    )


HYDRA = hydra()


def equals(count: int) -> Supergraph:
    """Many subgraphs that know all the same."""
    graphs = [f"G{n}" for n in range(count)]
    enum = " ".join(f'{graph} @join__graph(name: "{graph.lower()}", url: "")' for graph in graphs)
    everywhere = " ".join(f'@join__type(graph: {graph}, key: "id")' for graph in graphs)
    roots = " ".join(f"@join__type(graph: {graph})" for graph in graphs)
    return Supergraph.parse(
        f"enum join__Graph {{ {enum} }} type Query {roots} {{ item: Item }} type Item {everywhere} {{ "
        f"id: ID! next: Item only: Int @join__field(graph: G{count - 1}) }}"
    )


def ladder(rungs: int, width: int) -> Supergraph:
    """Each field requires all of the rung below, from other subgraphs."""
    graphs = [f"G{n}" for n in range(4)]
    enum = " ".join(f'{graph} @join__graph(name: "{graph.lower()}", url: "")' for graph in graphs)
    keyed = " ".join(f'@join__type(graph: {graph}, key: "id")' for graph in graphs)
    needs = (f', requires: "{" ".join(f"f{n - 1}_{m}" for m in range(width))}"' if n else "" for n in range(rungs))
    fields = (
        f"f{n}_{m}: Int @join__field(graph: {graphs[(n + m) % 4]}{need})"
        for n, need in enumerate(needs)
        for m in range(width)
    )
    return Supergraph.parse(
        f"enum join__Graph {{ {enum} }} type Query @join__type(graph: G0) {{ item: Item }} "
        f"type Item {keyed} {{ id: ID! {' '.join(fields)} }}"
    )


def by_interface(depth: int) -> str:
    """On each level, each member by itself and as the interface."""
    text = "id"
    for _ in range(depth):
        text = "next { " + text + " } " + " ".join(f"... on T{n} {{ next {{ {text} }} }}" for n in range(MEMBERS))
    return f"{{ node {{ {text} }} }}"


def chain(depth: int) -> str:
    return "{ node " + "{ next " * depth + "{ value }" + " }" * depth + " }"


def fragment_bomb() -> str:
    """Each fragment on each member, again and again: ten times as many fields per level."""
    levels = (
        f"fragment F{n} on Node {{ {' '.join(f'... on T{m} {{ next {{ ...F{n + 1} }} }}' for m in range(MEMBERS))} }}"
        for n in range(8)
    )
    return "{ node { ...F0 } } " + " ".join(levels) + " fragment F8 on Node { id }"


@pytest.mark.parametrize(
    "query",
    [
        chain(4),
        chain(40),
        fragment_bomb(),
        "{ " + " ".join(f"a{n}: node {{ value }}" for n in range(500)) + " }",
        "{ " + " ".join(f"a{n}: node {{ id }}" for n in range(3_000)) + " }",
        "{ node { " + " ".join(f"a{n}: id" for n in range(8_000)) + " } }",
        "{ node { id" + " ... on T1 { id }" * 8_000 + " } }",
        by_interface(3),
    ],
    ids=[
        *("four levels", "forty levels", "fragments", "aliases", "aliases of one subgraph", "aliases of a leaf"),
        *("equal fragments", "types in types"),
    ],
)
def test_an_operation_that_would_explode_is_refused(query: str) -> None:
    with pytest.raises(PlanError) as refused:
        plan(parse(query), HYDRA)
    assert refused.value.code == "QUERY_TOO_COMPLEX"


def test_requirements_that_multiply_are_refused() -> None:
    with pytest.raises(PlanError) as refused:
        plan(parse("{ item { f13_0 } }"), ladder(14, 2))
    assert refused.value.code == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize(("rungs", "width", "fetches"), [(5, 2, 9), (10, 2, 19), (12, 1, 12)])
def test_a_few_requirements_are_planned(rungs: int, width: int, fetches: int) -> None:
    """A fetch for each required field but for the first, which stands beside the item."""
    assert len(plan(parse(f"{{ item {{ f{rungs - 1}_0 }} }}"), ladder(rungs, width)).fetches) == fetches


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_among_forty_equal_subgraphs_the_one_is_found_that_knows_more(depth: int) -> None:
    query = "{ item { " + "next { " * depth + "id only" + " }" * depth + " } }"
    assert [fetch.service for fetch in plan(parse(query), equals(40)).fetches] == ["g39"]


def test_the_same_graph_is_planned_where_it_does_not_explode() -> None:
    assert len(plan(parse(chain(1)), HYDRA).fetches) == 16


def test_an_operation_with_many_fields_is_planned() -> None:
    query = "{ " + " ".join(f"a{n}: node {{ id }}" for n in range(400)) + " }"
    assert len(plan(parse(query), HYDRA).fetches) == 1


def test_fragments_that_repeat_each_other_are_read_once() -> None:
    """Doubling thirty times over is a billion fields, but only thirty different ones."""
    alone = Supergraph.parse(
        'enum join__Graph { A @join__graph(name: "a", url: "") } type Query @join__type(graph: A) { node: Node } '
        "type Node @join__type(graph: A) { id: ID! next: Node }"
    )
    levels = (f"fragment F{n} on Node {{ next {{ ...F{n + 1} ...F{n + 1} }} }}" for n in range(30))
    query = "{ node { ...F0 } } " + " ".join(levels) + " fragment F30 on Node { id }"
    assert [fetch.query for fetch in plan(parse(query), alone).fetches] == [
        "{node{" + "next{" * 30 + "id" + "}" * 30 + "}}"
    ]
