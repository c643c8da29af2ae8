"""Reading supergraphs: what clients see of them, what the planner knows of them, what is none."""

from __future__ import annotations

import pytest
from graphql import print_schema

from federation.supergraph import Supergraph, SupergraphError
from tests.federation.testkit import answer_from, supergraph_of

HIDING = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", as: "secret", for: SECURITY)
{ query: Query }
directive @secret on FIELD_DEFINITION | OBJECT | ENUM_VALUE | ARGUMENT_DEFINITION
directive @join__field(graph: join__Graph) repeatable on FIELD_DEFINITION
directive @show on FIELD
scalar join__FieldSet
enum join__Graph { A @join__graph(name: "a", url: "http://a.internal") }
type Query @join__type(graph: A) { node(by: Int, why: Int @secret): Node  hush: Int @secret  color: Color }
interface Node @join__type(graph: A) { id: ID }
type Seen implements Node @join__type(graph: A) @join__implements(graph: A, interface: "Node") {
  id: ID
  spy: Unseen @secret
}
type Unseen implements Node @secret @join__type(graph: A) @join__implements(graph: A, interface: "Node") { id: ID }
enum Color @join__type(graph: A) { RED  INFRARED @secret }
"""


def test_clients_see_neither_machinery_nor_what_is_inaccessible() -> None:
    assert print_schema(Supergraph.parse(HIDING).api_schema) == (
        "directive @show on FIELD\n\n"
        "type Query {\n  node(by: Int): Node\n  color: Color\n}\n\n"
        "interface Node {\n  id: ID\n}\n\n"
        "type Seen implements Node {\n  id: ID\n}\n\n"
        "enum Color {\n  RED\n}"
    )


def test_the_planner_knows_subgraphs_by_their_names() -> None:
    supergraph = Supergraph.parse(HIDING)
    assert {graph: (info.name, info.url) for graph, info in supergraph.subgraphs.items()} == {
        "A": ("a", "http://a.internal")
    }
    assert supergraph.hidden_types == {"Unseen"}


@pytest.mark.parametrize("sdl", ["", "type Query {", "type Query { a: Int }"])
def test_what_is_no_supergraph_is_refused_with_a_code(sdl: str) -> None:
    with pytest.raises(SupergraphError) as refused:
        Supergraph.parse(sdl)
    assert refused.value.code == "INVALID_SUPERGRAPH"


async def test_an_object_of_a_type_that_clients_do_not_see_is_null() -> None:
    sdl = {
        "a": """
            type Query { nodes: [Node] }
            interface Node { id: ID }
            type Seen implements Node { id: ID }
            type Unseen implements Node @inaccessible { id: ID }
        """
    }
    nodes = [{"__typename": "Seen", "id": "1"}, {"__typename": "Unseen", "id": "2"}]
    result, _ = await answer_from(sdl, [{"__typename": "Query", "nodes": nodes}], "{ nodes { id } }")
    assert result.data == {"nodes": [{"id": "1"}, None]}


def test_override_labels_are_known() -> None:
    sdl = {
        "a": 'type Query { post: Post } type Post @key(fields: "id") { id: ID! body: String }',
        "b": 'type Post @key(fields: "id") { id: ID! body: String @override(from: "a", label: "percent(5)") }',
    }
    assert supergraph_of(sdl).labels == {"percent(5)"}
