"""The emulated subgraphs as subgraphs of this process whose operations are compiled, with faults where wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, is_abstract_type, is_object_type, parse

from federation.execution.compiled import (
    Answer,
    Answers,
    BatchCall,
    Compiled,
    CompiledOperations,
    Plain,
)
from federation.execution.fused import FusedPlans
from federation.execution.transport import RequestContext
from tests.federation.emulator import Row, Subgraph, Thing


@dataclass(frozen=True, slots=True)
class Faults:
    """How often what goes wrong, in per cent of the fields of rows (`lost`: of entities)."""

    failed: int = 0
    null: int = 0
    odd: int = 0
    refused: int = 0
    lost: int = 0


class Faulty(Subgraph):
    """A subgraph that answers by graphql-core and as one whose operations are compiled, with the same faults."""

    def __init__(self, name: str, sdl: str, rows: Sequence[Row], seed: int, faults: Faults) -> None:
        super().__init__(name, sdl, rows)
        self.seed, self.faults = seed, faults
        self.asked: list[Any] = []
        for type_ in self.schema.type_map.values():
            if is_abstract_type(type_):
                type_.resolve_type = lambda thing, info, kind: thing.typename or thing.row["__typename"]
        self.operations = CompiledOperations(self.schema, Answers(dict(self._answers())))

    def draw(self, *what: object) -> Random:
        return Random(f"{self.seed} {self.name} {what}")

    def resolve(self, thing: Thing | None, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        thing = thing or Thing({"__typename": "Query"})
        if info.field_name == "_entities":
            return super().resolve(thing, info, **arguments)
        at = self.draw(thing.row.get("id"), info.field_name).randrange(100)
        if at < self.faults.failed:
            raise GraphQLError(f"{info.field_name} failed")
        if at < self.faults.failed + self.faults.refused:
            raise PermissionError(f"{info.field_name} is not for you")
        if at < self.faults.failed + self.faults.refused + self.faults.null:
            return None
        value = super().resolve(thing, info, **arguments)
        odd = self.draw("odd", thing.row.get("id"), info.field_name).randrange(100) < self.faults.odd
        return "odd" if odd and isinstance(value, int) else value

    def entity(self, representation: Row) -> Thing | GraphQLError | None:
        lost = self.draw("lost", sorted(representation.items(), key=str)).randrange(100) < self.faults.lost
        return None if lost else super().entity(representation)

    def _answers(self) -> Any:
        for type_ in self.schema.type_map.values():
            if is_object_type(type_) and not type_.name.startswith("__"):
                for name in type_.fields:
                    yield (type_.name, name), self._answer(type_, name)

    def _answer(self, type_: Any, name: str) -> Answer:
        """One of the ways in which fields are answered."""
        how = self.draw("how", type_.name, name).randrange(4)
        if name == "_entities":
            return Answer(BatchCall(self._found))
        if how == 0:
            return Answer(Plain(self.resolve, waits=False))
        return Answer(BatchCall(self._batch(type_, name, waits=how == 1)))

    def _batch(self, type_: Any, name: str, *, waits: bool) -> Callable[..., Any]:
        async def batch(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> list[Any]:
            assert context == f"context of {self.name}"
            if waits:
                await asyncio.sleep(0)
            return [self._cell(row, _Info(name, type_), arguments) for row in rows]

        return batch

    def _cell(self, row: Thing, info: Any, arguments: Mapping[str, Any]) -> Any:
        try:
            return self.resolve(row, info, **arguments)
        except Exception as error:
            return error

    async def _found(self, rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> list[Any]:
        self.asked.append(arguments["representations"])
        return [[self.entity(one) for one in arguments["representations"]] for _ in rows]

    @property
    def local(self) -> Faulty:
        return self

    def operation(self, query: str) -> Compiled:
        return self.operations.compiled(query, parse(query), None, {})

    def context(self, context: RequestContext) -> str:
        return f"context of {self.name}"

    def rendered(self, error: GraphQLError) -> dict[str, Any]:
        return dict(error.formatted)


@dataclass(frozen=True, slots=True)
class _Info:
    """What the emulator wants to know of a field."""

    field_name: str
    parent_type: Any


def fused_plans(subgraphs: Mapping[str, Faulty]) -> FusedPlans:
    return FusedPlans({name: subgraph.local for name, subgraph in subgraphs.items()})
