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
    ],
    ids=["four levels", "forty levels", "fragments", "aliases"],
)
def test_an_operation_that_would_explode_is_refused(query: str) -> None:
    with pytest.raises(PlanError) as refused:
        plan(parse(query), HYDRA)
    assert refused.value.code == "QUERY_TOO_COMPLEX"


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
