"""Fourth step: can every query that the supergraph admits be answered by its subgraphs?

The walk goes through the supergraph as a client sees it, from the root types along every field. A state of the walk is
a type with the places in subgraphs where a query may be when it gets there; states that were seen are not seen again,
so the walk ends. Where a field leads nowhere there is a query that nobody can answer, and the way there is that query.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from federation.composition.merging import Merged
from federation.composition.model import ROOTS, Field, Kind, Subgraph, Type, named
from federation.composition.satisfiability.explanation import query_text, reasons
from federation.composition.satisfiability.objects import Objects, Position, Positions, Reach
from federation.composition.satisfiability.resolution import Landscape
from federation.errors import CompositionError

# Up to this many override labels, every combination of them is tried.
MAX_COMBINED_LABELS = 4


@dataclass(frozen=True, slots=True)
class State:
    """An object type, where a query may be in it, and the contexts that were set on the way."""

    type: str
    positions: Positions
    contexts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A state and the way that led there: operation, then (type condition or None, field) pairs."""

    state: State
    operation: str
    way: tuple[tuple[str | None, str], ...] = ()


def unsatisfiable(merged: Merged, subgraphs: Sequence[Subgraph]) -> list[CompositionError]:
    """One error for every field that some query reaches and no subgraph can then resolve."""
    landscape = Landscape(merged, subgraphs)
    errors: dict[tuple[str, str], CompositionError] = {}
    for labels in _label_sets(landscape.labels):
        for error in _walk(Objects(landscape, labels), merged.features.names.get("inaccessible", "")):
            errors.setdefault((error.code, error.coordinate or ""), error)
    return list(errors.values())


def _label_sets(labels: frozenset[str]) -> Iterator[frozenset[str]]:
    """The sets of override labels to try: all of them if few, else none, all, and each alone."""
    names = sorted(labels)
    sizes = range(len(names) + 1) if len(names) <= MAX_COMBINED_LABELS else (0, 1, len(names))
    for size in sizes:
        yield from map(frozenset, combinations(names, size))


def _walk(objects: Objects, hidden: str) -> Iterator[CompositionError]:
    queue = deque(_starts(objects.landscape))
    seen = {arrival.state for arrival in queue}
    while queue:
        arrival = queue.popleft()
        state = arrival.state
        owner = objects.landscape.schema.types[state.type]
        contexts = state.contexts | _contexts_of(objects.landscape, owner)
        reach = objects.reach(state.type, state.positions, contexts)
        for field in owner.fields.values():
            if field.has(hidden):
                continue
            targets = reach.fields.get(field.name)
            if targets is None:
                yield _unanswerable(objects, arrival, owner, field, reach)
                continue
            yield from _mismatched(objects, owner, field, targets)
            for found in _next(objects, arrival, field, targets, contexts, hidden):
                if found.state not in seen:
                    seen.add(found.state)
                    queue.append(found)


def _starts(landscape: Landscape) -> Iterator[Arrival]:
    for operation, name in ROOTS.items():
        if name in landscape.schema.types:
            places = frozenset(Position(one.name, name) for one in landscape.subgraphs if name in one.types)
            yield Arrival(State(name, places, frozenset()), operation)


def _next(
    objects: Objects, arrival: Arrival, field: Field, targets: Positions, contexts: frozenset[str], hidden: str
) -> Iterator[Arrival]:
    """What a field leads to: one state for each object type that may be found there."""
    returned = named(field.type)
    for possible, positions in objects.runtime_positions(returned, targets):
        one = objects.landscape.schema.types[possible]
        if not one.has(hidden):
            condition = None if possible == returned else possible
            way = (*arrival.way[:-1], *_step(arrival, field.name), (condition, ""))
            yield Arrival(State(possible, positions, contexts), arrival.operation, way)


def _step(arrival: Arrival, field: str) -> tuple[tuple[str | None, str], ...]:
    condition = arrival.way[-1][0] if arrival.way else None
    return ((condition, field),)


def _contexts_of(landscape: Landscape, owner: Type) -> frozenset[str]:
    """Contexts that an object sets, by itself or through an interface or union."""
    name = landscape.merged.features.names.get("context", "")
    types = landscape.schema.types
    setting = [owner, *(types[interface] for interface in owner.interfaces)]
    setting += [one for one in types.values() if one.kind is Kind.UNION and owner.name in one.members]
    return frozenset(context["name"] for one in setting for context in one.all(name))


def _unanswerable(objects: Objects, arrival: Arrival, owner: Type, field: Field, reach: Reach) -> CompositionError:
    way = (*arrival.way[:-1], *_step(arrival, field.name))
    query = query_text(objects.landscape, arrival.operation, way, field)
    lines = "\n".join(f"- {reason}" for reason in reasons(objects, owner.name, field.name, reach))
    message = f"no plan can answer this query:\n{query}\nbecause:\n{lines}"
    names = sorted({position.subgraph for position in arrival.state.positions})
    coordinate = f"{owner.name}.{field.name}"
    return CompositionError("SATISFIABILITY_ERROR", message, subgraphs=names, coordinate=coordinate)


def _mismatched(objects: Objects, owner: Type, field: Field, targets: Positions) -> Iterator[CompositionError]:
    """A field that several subgraphs resolve must be able to give the same kinds of object in each."""
    returned = objects.landscape.schema.types.get(named(field.type))
    if returned is None or returned.kind not in (Kind.INTERFACE, Kind.UNION) or len(targets) < 2:
        return
    by_subgraph = {}
    for target in targets:
        subgraph = objects.landscape.by_name[target.subgraph]
        if subgraph.abstracts(target.type):
            return
        by_subgraph[target.subgraph] = set(subgraph.schema.runtime_types(target.type))
    if not set.intersection(*by_subgraph.values()):
        coordinate = f"{owner.name}.{field.name}"
        says = "; ".join(f'{", ".join(sorted(types))} in "{name}"' for name, types in sorted(by_subgraph.items()))
        message = f'"{coordinate}" is shared, but no type is possible in all subgraphs that resolve it: {says}'
        code = "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"
        yield CompositionError(code, message, subgraphs=sorted(by_subgraph), coordinate=coordinate)
