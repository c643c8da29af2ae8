"""A query that cannot be answered, and why, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from federation.composition.model import Field, named
from federation.composition.satisfiability.objects import Objects, Reach
from federation.composition.satisfiability.resolution import Landscape, Resolution


def query_text(landscape: Landscape, operation: str, way: Sequence[tuple[str | None, str]], last: Field) -> str:
    """The shortest query along a way, with dots where it does not matter what is selected."""
    lines = ["{" if operation == "query" else f"{operation} {{"]
    closing = ["}"]
    for condition, field in way:
        if condition is not None:
            lines.append(f"{'  ' * len(closing)}... on {condition} {{")
            closing.append("  " * len(closing) + "}")
        lines.append(f"{'  ' * len(closing)}{field} {{")
        closing.append("  " * len(closing) + "}")
    lines[-1] = lines[-1].removesuffix(" {")
    closing.pop()
    if landscape.possible_types.get(named(last.type)):
        lines[-1] += " { ... }"
    return "\n".join([*lines, *reversed(closing)])


def reasons(objects: Objects, owner: str, name: str, reach: Reach) -> Iterator[str]:
    """For every subgraph that has the field: why it cannot be asked for it."""
    landscape = objects.landscape
    reached = sorted({position.subgraph for position in reach.positions})
    yield f"the query can be in {' and '.join(map(repr, reached)) or 'no subgraph'} at {owner}".replace("'", '"')
    owners = (owner, *landscape.schema.types[owner].interfaces)
    for subgraph in landscape.subgraphs:
        for type_name in owners:
            resolution = landscape.resolutions.get((subgraph.name, type_name), {}).get(name)
            if resolution is not None:
                reason = _reason(objects, subgraph.name, owner, resolution, reach)
                yield f'subgraph "{subgraph.name}" has {type_name}.{name}, but {reason}'


def _reason(objects: Objects, subgraph: str, owner: str, resolution: Resolution, reach: Reach) -> str:
    if not resolution.holds(objects.labels):
        return "an @override gives it to another subgraph"
    if resolution.external:
        return "it is @external there and this path does not provide it"
    if any(position.subgraph == subgraph for position in reach.positions):
        if resolution.requires:
            return f'what it requires, "{resolution.requires}", cannot be fetched and brought back'
        return f"the contexts {', '.join(sorted(resolution.contexts))} are not set on this path"
    keys = [key.fields for key in objects.landscape.keys.get(owner, ()) if key.subgraph == subgraph]
    if not keys:
        return f"{owner} has no resolvable @key there"
    return f"none of its keys can be read: {', '.join(repr(key) for key in keys)}".replace("'", '"')
