"""Random operations on random graphs, each valid."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.federation import pockets
from tests.federation.graphs import FederatedGraph, FieldOf


def random_operation(random: Random, graph: FederatedGraph, depth: int = 2) -> str:
    """A query on random root fields, some objects deep."""
    known = {home: [t for t in graph.types.values() if home in t.keys] for home in graph.sdls}
    roots = []
    for number in range(random.randint(1, 2)):
        if graph.has_pocket and random.random() < 0.5:
            roots.append(f"a{number}: {pockets.root_selection(random, depth + 1)}")
            continue
        home = random.choice(list(graph.sdls))
        interfaces = ["Known"] if home == "known" else ["Any", "Known"] if home == graph.home else ["Any"]
        unions = ["Either"] if known[home] else []
        kind = random.choice([*interfaces, *unions, *(t.name for t in known[home])])
        roots.append(f"a{number}: {kind.lower()}_{home} {selection(random, graph, kind, depth)}")
    return "{ " + " ".join(roots) + " }"


def selection(random: Random, graph: FederatedGraph, kind: str, depth: int) -> str:
    if kind == "Any":
        parts = [f"... on {name} {selection(random, graph, name, depth)}" for name in chosen(random, list(graph.types))]
        return "{ " + " ".join([*random.sample(["__typename", "_any"], random.randint(1, 2)), *parts]) + " }"
    if kind == "Either":
        return either(random, graph, depth)
    parts = []
    if kind == "Known":
        if depth and random.random() < 0.5:
            parts = [f"friend {selection(random, graph, 'Known', depth - 1)}"]
        parts += [f"... on {name} {selection(random, graph, name, depth)}" for name in chosen(random, graph.known)]
        return "{ " + " ".join(random.sample(["__typename", "id", "extra"], random.randint(1, 3)) + parts) + " }"
    parts = ["extra"] if kind in graph.known and random.random() < 0.4 else []
    for item in chosen(random, list(graph.types[kind].fields.values())):
        # an alias of its own per type and field, so that fragments never clash
        alias = f"{kind.lower()}_{item.name}: " if random.random() < 0.3 or item.target else ""
        if item.target is None:
            parts += scalar(random, alias, kind, item)
        elif depth:
            parts.append(f"{alias}{item.name} {selection(random, graph, item.target, depth - 1)}")
    extra = random.sample(["id", "code", "__typename", "_any"], random.randint(1, 2))
    return "{ " + " ".join(extra + parts) + " }"


def scalar(random: Random, alias: str, kind: str, item: FieldOf) -> list[str]:
    """A field, or, if it takes an argument, perhaps several times with different ones."""
    if not item.takes_argument:
        return [f"{alias}{item.name}"]
    values = random.sample([0, 1, 2], random.randint(1, 2))
    return [f"{kind.lower()}_{item.name}_{by}: {item.name}{f'(by: {by})' if by else ''}" for by in values]


def either(random: Random, graph: FederatedGraph, depth: int) -> str:
    """A selection on the union: by interfaces that its types implement, and by types."""
    parts = [f"... on {name} {selection(random, graph, name, depth)}" for name in chosen(random, list(graph.types))]
    parts += [f"... on Any {selection(random, graph, 'Any', depth)}"] if random.random() < 0.5 else []
    parts += [f"... on Known {selection(random, graph, 'Known', 0)}"] if graph.home and random.random() < 0.3 else []
    random.shuffle(parts)
    return "{ " + " ".join(["__typename", *parts]) + " }"


def chosen(random: Random, items: list[Any]) -> list[Any]:
    return random.sample(items, random.randint(0, min(3, len(items))))
