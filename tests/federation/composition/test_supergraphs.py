"""Whole supergraphs, byte for byte. Each was the same schema as @apollo/composition's when it was recorded."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from graphql import build_schema, validate_schema

from federation.composition import SubgraphSource, compose

SUPERGRAPHS = Path(__file__).parent / "supergraphs"
NAMES = sorted(path.name for path in SUPERGRAPHS.iterdir())


def sources(name: str) -> list[SubgraphSource]:
    files = sorted(path for path in (SUPERGRAPHS / name).glob("*.graphql") if path.stem != "supergraph")
    return [SubgraphSource(path.stem, f"http://{path.stem}.invalid", path.read_text("utf-8")) for path in files]


def expected(name: str) -> str:
    return (SUPERGRAPHS / name / "supergraph.graphql").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_supergraph_is_as_recorded(name: str) -> None:
    composition = compose(sources(name))
    assert composition.errors == ()
    assert composition.sdl == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_supergraph_does_not_depend_on_the_order_of_subgraphs(name: str) -> None:
    assert {compose(order).sdl for order in permutations(sources(name))} == {expected(name)}


@pytest.mark.parametrize("name", NAMES)
def test_supergraph_is_a_valid_schema(name: str) -> None:
    assert validate_schema(build_schema(expected(name))) == []


def test_hints_name_what_is_probably_not_meant() -> None:
    codes = sorted({hint.code for hint in compose(sources("values")).hints})
    assert codes == [
        "INCONSISTENT_ARGUMENT_PRESENCE",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        "INCONSISTENT_DESCRIPTION",
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        "INCONSISTENT_UNION_MEMBER",
        "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
    ]


def test_graphs_whose_names_look_alike_are_numbered() -> None:
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@shareable"])\n'
    sdl = f"{link}type Query {{ a: Int @shareable }}"
    composition = compose([SubgraphSource(name, "", sdl) for name in ("a-b", "a_b", "1st", "x_2")])
    assert composition.sdl is not None
    graphs = composition.sdl.partition("enum join__Graph {\n")[2].partition("}")[0].split("\n")
    assert [line.strip() for line in graphs if line] == [
        '_1ST @join__graph(name: "1st", url: "")',
        'A_B_1 @join__graph(name: "a-b", url: "")',
        'A_B_2 @join__graph(name: "a_b", url: "")',
        'X_2_ @join__graph(name: "x_2", url: "")',
    ]


@pytest.mark.parametrize(
    ("version", "join"), [("v2.0", "v0.3"), ("v2.3", "v0.3"), ("v2.7", "v0.4"), ("v2.8", "v0.5"), ("v2.9", "v0.5")]
)
def test_join_version_follows_the_newest_subgraph(version: str, join: str) -> None:
    newest = f'extend schema @link(url: "https://specs.apollo.dev/federation/{version}") type Query {{ a: Int }}'
    oldest = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0") type Query { b: Int }'
    composition = compose([SubgraphSource("a", "", newest), SubgraphSource("b", "", oldest)])
    assert composition.sdl is not None
    assert f'@link(url: "https://specs.apollo.dev/join/{join}", for: EXECUTION)' in composition.sdl
