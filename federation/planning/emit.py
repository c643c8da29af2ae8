"""Last stage: the fetch graph as a query plan, with the text of every request."""

from __future__ import annotations

from dataclasses import dataclass, field

from federation.graph import Graph
from federation.graph.budget import Budget
from federation.planning.fetches import EntityRead, FetchGraph, FetchStep, ReadSet
from federation.planning.nodes import EntityCall, Fetch, Kind, QueryPlan, Source
from federation.planning.operation import Operation
from federation.planning.optimize import levels
from federation.planning.shape import Shaper


@dataclass(slots=True)
class Call:
    """An `_entities` field while it is being put together: the text of what is read of each type."""

    reads: dict[str, str] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    def takes(self, read: EntityRead, text: str) -> bool:
        """Types may stand side by side when their entities stand at one place; else they must read the same."""
        known = self.reads.get(read.source.typename)
        if known is None:
            return [s.key for s in self.sources[0].path] == [s.key for s in read.source.path]
        return known == text

    def add(self, read: EntityRead, text: str) -> None:
        self.reads[read.source.typename] = text
        self.sources.append(read.source)


def emit(operation: Operation, fetches: FetchGraph, graph: Graph, budget: Budget) -> QueryPlan:
    """The plan of an operation."""
    return QueryPlan(
        kind=operation.kind.value,
        fetches=tuple(fetch(step, operation, graph, budget) for step in fetches),
        shape=Shaper(graph.supergraph, budget).root(operation),
        levels=levels(fetches),
    )


def fetch(step: FetchStep, operation: Operation, graph: Graph, budget: Budget) -> Fetch:
    calls = calls_of(step, budget)
    single = len(calls) == 1
    named = [("_entities" if single else f"_e{i}", "representations" if single else f"r{i}") for i in range(len(calls))]
    used = used_variables(step)
    kind: Kind = step.kind.value
    definitions = [f"${variable}: [_Any!]!" for _, variable in named] + [operation.variables[name] for name in used]
    head = "" if kind == "query" and not definitions else kind + (f"({', '.join(definitions)})" if definitions else "")
    return Fetch(
        number=step.number,
        service=graph.supergraph.subgraphs[step.subgraph].name,
        kind=kind,
        query=head + text_of(step, calls, named),
        variables=tuple(used),
        after=tuple(sorted(step.after)),
        path=step.root.path if step.root else (),
        roots=tuple(item.key for item in step.root.fields.fields) if step.root else (),
        calls=tuple(EntityCall(*name, tuple(call.sources)) for call, name in zip(calls, named, strict=True)),
        renames=step.renames,
    )


def calls_of(step: FetchStep, budget: Budget) -> list[Call]:
    """The least `_entities` fields that read what each entity is to be read for."""
    calls: list[Call] = []
    for read in step.entities:
        budget.spend(1 + len(calls) // 4)
        text = text_of_set(read.fields)
        call = next((call for call in calls if call.takes(read, text)), None)
        if call is None:
            calls.append(call := Call())
        call.add(read, text)
    return calls


def used_variables(step: FetchStep) -> list[str]:
    used: set[str] = set()
    for read_set in [step.root.fields] if step.root else [read.fields for read in step.entities]:
        add_variables(read_set, used)
    return sorted(used)


def add_variables(read_set: ReadSet, used: set[str]) -> None:
    for item in read_set.fields:
        used |= item.variables
        if item.below:
            add_variables(item.below, used)
    for _, narrowed in read_set.narrowed:
        add_variables(narrowed, used)


Named = list[tuple[str, str]]


def entity_head(alias: str, variable: str) -> str:
    name = "_entities" if alias == "_entities" else f"{alias}: _entities"
    return f"{name}(representations: ${variable})"


def text_of(step: FetchStep, calls: list[Call], named: Named) -> str:
    """The selection set in as few characters as reads the same."""
    if step.root:
        return text_of_set(step.root.fields)
    parts = []
    for call, (alias, variable) in zip(calls, named, strict=True):
        types = "".join(f"...on {name}{text}" for name, text in call.reads.items())
        parts.append(f"{entity_head(alias, variable)}{{{types}}}")
    return "{" + " ".join(parts) + "}"


def text_of_set(fields: ReadSet) -> str:
    parts = [item.head + (text_of_set(item.below) if item.below else "") for item in fields.fields]
    parts += [f"...on {name}{text_of_set(narrowed)}" for name, narrowed in fields.narrowed]
    return "{" + (" ".join(parts) or presence(fields)) + "}"


def presence(fields: ReadSet) -> str:
    """Nothing is wanted but to know that the object is there. An interface object's type must not be taken for real."""
    return "_present: __typename" if fields.is_interface_object else "__typename"
