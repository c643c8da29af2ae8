"""Planning is bounded: what would explode is refused, and what is merely big is planned."""

from __future__ import annotations

import pytest
from graphql import parse

from federation.errors import PlanError
from federation.planning import plan
from federation.supergraph import Supergraph
from tests.federation.explosive import EXPLOSIVE, HYDRA, chain, equals, ladder, to_the_one


@pytest.mark.parametrize(("query", "supergraph"), EXPLOSIVE.values(), ids=EXPLOSIVE)
def test_an_operation_that_would_explode_is_refused(query: str, supergraph: Supergraph) -> None:
    with pytest.raises(PlanError) as refused:
        plan(parse(query), supergraph)
    assert refused.value.code == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize(("rungs", "width", "fetches"), [(5, 2, 9), (10, 2, 19), (12, 1, 12)])
def test_a_few_requirements_are_planned(rungs: int, width: int, fetches: int) -> None:
    """A fetch for each required field but for the first, which stands beside the item."""
    assert len(plan(parse(f"{{ item {{ f{rungs - 1}_0 }} }}"), ladder(rungs, width)).fetches) == fetches


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_among_forty_equal_subgraphs_the_one_is_found_that_knows_more(depth: int) -> None:
    assert [fetch.service for fetch in plan(parse(to_the_one(depth)), equals(40)).fetches] == ["g39"]


def test_the_same_graph_is_planned_where_it_does_not_explode() -> None:
    assert len(plan(parse(chain(1)), HYDRA).fetches) == 16


def test_an_operation_with_many_fields_is_planned() -> None:
    query = "{ " + " ".join(f"a{n}: node {{ id }}" for n in range(400)) + " }"
    assert len(plan(parse(query), HYDRA).fetches) == 1


def test_thousands_of_equal_fragments_are_planned_as_one() -> None:
    query = "{ node { id" + " ... on T1 { id }" * 8_000 + " } }"
    assert [fetch.query for fetch in plan(parse(query), HYDRA).fetches] == ["{node{id __typename}}"]


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
