"""Operations that would take a planner without bounds for ever, and graphs on which they do."""

from __future__ import annotations

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


def to_the_one(depth: int) -> str:
    """Down through what all of `equals` know, to what one knows."""
    return "{ item { " + "next { " * depth + "id only" + " }" * depth + " } }"


EXPLOSIVE = {
    "four levels": (chain(4), HYDRA),
    "forty levels": (chain(40), HYDRA),
    "fragments": (fragment_bomb(), HYDRA),
    "aliases": ("{ " + " ".join(f"a{n}: node {{ value }}" for n in range(500)) + " }", HYDRA),
    "aliases of one subgraph": ("{ " + " ".join(f"a{n}: node {{ id }}" for n in range(3_000)) + " }", HYDRA),
    "aliases of a leaf": ("{ node { " + " ".join(f"a{n}: id" for n in range(8_000)) + " } }", HYDRA),
    "equal fragments": ("{ node { id" + " ... on T1 { id }" * 16_000 + " } }", HYDRA),
    "types in types": (by_interface(3), HYDRA),
    "requirements that multiply": ("{ item { f13_0 } }", ladder(14, 2)),
    "forty equal subgraphs": (to_the_one(60), equals(40)),
}
"""Operations that must be refused, each on its supergraph."""
