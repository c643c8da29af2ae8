"""Fourth stage: passes over the fetch graph, each its own function, repeated until none changes anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from graphql import OperationType

from federation.graph.budget import Budget
from federation.planning.fetches import FetchGraph, FetchStep, ReadSet, RootRead

Pass = Callable[[FetchGraph], FetchGraph]


def join_serial_roots(graph: FetchGraph) -> FetchGraph:
    """Root fields of a mutation that follow each other in one subgraph go in one request, which runs them in order;
    but nothing may be read for the first of them after the second has begun.
    """
    alone = Counter(step.turn for step in graph)
    homes: dict[int, FetchStep] = {}
    last: FetchStep | None = None
    for step in graph:
        if last and alone[last.turn] == 1 and step.turn == last.turn + 1 and can_follow(last, step):
            last = homes[step.number] = replace(joined(homes.get(last.number, last), step), turn=step.turn)
        elif step.root:
            last = step
    return merged(graph, {number: home for number, home in homes.items() if home.number != number})


def can_follow(first: FetchStep, second: FetchStep) -> bool:
    return (
        first.kind is second.kind is OperationType.MUTATION
        and first.subgraph == second.subgraph
        and not first.renames
        and not second.renames
    )


def joined(first: FetchStep, second: FetchStep) -> FetchStep:
    assert first.root is not None
    assert second.root is not None
    fields = ReadSet((*first.root.fields.fields, *second.root.fields.fields))
    return replace(first, root=RootRead(first.root.path, fields))


def batch_levels(graph: FetchGraph) -> FetchGraph:
    """Entities that one subgraph is asked for at the same level go in one request. Levels stay as they are, so no
    chain of round trips grows.
    """
    level = levels(graph)
    groups: dict[tuple[int, int, str], list[FetchStep]] = {}
    for step in graph:
        if can_share(step):
            groups.setdefault((step.turn, level[step.number], step.subgraph), []).append(step)
    return together(graph, groups.values())


def come_along(graph: FetchGraph) -> FetchGraph:
    """Entities that no fetch waits for, when the same is read of others later anyway, are asked for with those: the
    answer is complete no sooner without them, and entities of both places are asked for once.
    """
    level = levels(graph)
    awaited = frozenset[int]().union(*(step.after for step in graph))
    riders: dict[int, list[FetchStep]] = {}
    for step in graph:
        if step.number not in awaited and can_share(step):
            later = [other for other in graph if level[other.number] > level[step.number] and takes_along(other, step)]
            if later:
                riders.setdefault(max(later, key=lambda other: level[other.number]).number, []).append(step)
    return together(graph, [[step, *riders[step.number]] for step in graph if step.number in riders])


def can_share(step: FetchStep) -> bool:
    return not step.root and not step.renames


def takes_along(home: FetchStep, step: FetchStep) -> bool:
    """Does a fetch read of such entities just what the other does?"""
    if (home.turn, home.subgraph) != (step.turn, step.subgraph) or not can_share(home):
        return False
    known = [(read.source.typename, read.fields) for read in home.entities if not read.contexts]
    return all(not read.contexts and (read.source.typename, read.fields) in known for read in step.entities)


def together(graph: FetchGraph, groups: Iterable[list[FetchStep]]) -> FetchGraph:
    """The graph with the first of each group in place of the whole, with the entities of all."""
    homes: dict[int, FetchStep] = {}
    for first, *others in groups:
        entities = tuple(read for step in (first, *others) for read in step.entities)
        after = first.after.union(*(step.after for step in others))
        homes |= {step.number: replace(first, entities=entities, after=after) for step in others}
    return merged(graph, homes)


def merged(graph: FetchGraph, homes: Mapping[int, FetchStep]) -> FetchGraph:
    """The graph with some steps taken over by others, which take their changed form."""
    if not homes:
        return graph
    changed = {home.number: home for home in homes.values()}
    names = {number: home.number for number, home in homes.items()}
    left = [changed.get(step.number, step) for step in graph if step.number not in names]
    return tuple(replace(step, after=renamed(step.after, names)) for step in left)


def forget_implied(graph: FetchGraph) -> FetchGraph:
    """What a fetch waits for anyway, through another, need not be named."""
    above = ancestors(graph)
    return tuple(
        replace(step, after=frozenset(n for n in step.after if not any(n in above[m] for m in step.after - {n})))
        for step in graph
    )


def in_order(graph: FetchGraph) -> FetchGraph:
    """By level, then as found; numbered from 1."""
    level = levels(graph)
    ordered = sorted(graph, key=lambda step: (level[step.number], step.number))
    names = {step.number: place for place, step in enumerate(ordered, 1)}
    return tuple(replace(step, number=names[step.number], after=renamed(step.after, names)) for step in ordered)


PASSES: tuple[Pass, ...] = (join_serial_roots, batch_levels, come_along, forget_implied, in_order)


def optimize(graph: FetchGraph, budget: Budget) -> FetchGraph:
    """Run the passes until the graph is stable. Each makes it smaller or leaves it, so this ends."""
    while len(graph) > 1:
        budget.spend(sum(10 + len(step.after) ** 2 // 3 for step in graph))
        before = graph
        for one in PASSES:
            graph = one(graph)
        if graph == before:
            break
    return graph


def renamed(numbers: frozenset[int], names: Mapping[int, int]) -> frozenset[int]:
    return frozenset(names.get(number, number) for number in numbers)


def levels(graph: FetchGraph) -> dict[int, int]:
    """How many fetches must have been answered before each, one after another."""
    by_number = {step.number: step for step in graph}
    known: dict[int, int] = {}

    def level(number: int) -> int:
        if number not in known:
            known[number] = max((level(other) + 1 for other in by_number[number].after), default=0)
        return known[number]

    return {number: level(number) for number in by_number}


def ancestors(graph: FetchGraph) -> dict[int, frozenset[int]]:
    """All fetches before each."""
    by_level = levels(graph)
    known: dict[int, frozenset[int]] = {}
    for step in sorted(graph, key=lambda step: by_level[step.number]):
        known[step.number] = step.after.union(*(known[number] for number in step.after))
    return known
