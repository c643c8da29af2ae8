"""Last stage: the fetch graph as a query plan, with the text of every request."""

from __future__ import annotations

from dataclasses import dataclass, field

from federation.graph import Graph
from federation.graph.budget import Budget
from federation.planning.fetches import EntityRead, FetchGraph, FetchStep, ReadSet
from federation.planning.nodes import ContextValue, EntityCall, Fetch, Kind, QueryPlan, Source, entities_query
from federation.planning.operation import Operation
from federation.planning.optimize import levels
from federation.planning.shape import Shaper


@dataclass(slots=True)
class Call:
    """An `_entities` field while it is being put together: the text of what is read of each type."""

    reads: dict[str, str] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    contexts: tuple[ContextValue, ...] = ()

    def takes(self, read: EntityRead, text: str) -> bool:
        """Types may stand side by side when their entities stand at one place; else they must read the same."""
        if self.contexts or read.contexts:
            return False
        known = self.reads.get(read.source.typename)
        if known is None:
            return [s.key for s in self.sources[0].path] == [s.key for s in read.source.path]
        return known == text

    def add(self, read: EntityRead, text: str) -> None:
        self.reads[read.source.typename] = text
        self.sources.append(read.source)

    def named(self, alias: str, variable: str) -> EntityCall:
        types = "".join(f"...on {name}{text}" for name, text in self.reads.items())
        return EntityCall(alias, variable, tuple(self.sources), f"{{{types}}}", self.contexts)


def emit(operation: Operation, fetches: FetchGraph, graph: Graph, budget: Budget) -> QueryPlan:
    """The plan of an operation."""
    return QueryPlan(
        kind=operation.kind.value,
        fetches=tuple(fetch(step, operation, graph, budget) for step in fetches),
        shape=Shaper(graph.supergraph, budget).root(operation),
        levels=levels(fetches),
    )


def fetch(step: FetchStep, operation: Operation, graph: Graph, budget: Budget) -> Fetch:
    used = used_variables(step)
    definitions = tuple(operation.variables[name] for name in used)
    calls = entity_calls(calls_of(step, budget))
    kind: Kind = step.kind.value
    return Fetch(
        number=step.number,
        service=graph.supergraph.subgraphs[step.subgraph].name,
        kind=kind,
        query=root_query(step.root.fields, kind, definitions) if step.root else entities_query(calls, definitions),
        variables=used,
        definitions=definitions,
        after=tuple(sorted(step.after)),
        path=step.root.path if step.root else (),
        roots=tuple(item.key for item in step.root.fields.fields) if step.root else (),
        calls=calls,
        renames=step.renames,
    )


def root_query(fields: ReadSet, kind: Kind, definitions: tuple[str, ...]) -> str:
    variables = f"({', '.join(definitions)})" if definitions else ""
    return ("" if kind == "query" and not variables else kind + variables) + text_of(fields)


def calls_of(step: FetchStep, budget: Budget) -> list[Call]:
    """The least `_entities` fields that read what each entity is to be read for."""
    calls: list[Call] = []
    for read in step.entities:
        budget.spend(1 + len(calls) // 4)
        text = text_of(read.fields)
        call = next((call for call in calls if call.takes(read, text)), None)
        if call is None:
            calls.append(call := Call(contexts=read.contexts))
        call.add(read, text)
    return calls


def entity_calls(calls: list[Call]) -> tuple[EntityCall, ...]:
    """Calls under their names."""
    if len(calls) == 1:
        return (calls[0].named("_entities", "representations"),)
    return tuple(call.named(f"_e{number}", f"r{number}") for number, call in enumerate(calls))


def used_variables(step: FetchStep) -> tuple[str, ...]:
    used: set[str] = set()
    for read_set in [step.root.fields] if step.root else [read.fields for read in step.entities]:
        add_variables(read_set, used)
    return tuple(sorted(used))


def add_variables(read_set: ReadSet, used: set[str]) -> None:
    for item in read_set.fields:
        used |= item.variables
        if item.below:
            add_variables(item.below, used)
    for _, narrowed in read_set.narrowed:
        add_variables(narrowed, used)


def text_of(fields: ReadSet) -> str:
    """The selection set in as few characters as reads the same."""
    parts = [item.head + (text_of(item.below) if item.below else "") for item in fields.fields]
    parts += [f"...on {name}{text_of(narrowed)}" for name, narrowed in fields.narrowed]
    return "{" + (" ".join(parts) or presence(fields)) + "}"


def presence(fields: ReadSet) -> str:
    """Nothing is wanted but to know that the object is there. An interface object's type must not be taken for real."""
    return "_present: __typename" if fields.is_interface_object else "__typename"
