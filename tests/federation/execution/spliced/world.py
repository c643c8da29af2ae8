"""Emulated subgraphs whose numbers change by writes, by who asks and by request, and what records that they were read.

What a number depends on is drawn for each field of a type: an honest field says so (`Answer.shared`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from federation.execution.compiled import Answer
from federation.execution.compiled.answers import Shared
from federation.execution.transport import RequestContext
from tests.federation.emulator import Row, Subgraph, Thing, is_key
from tests.federation.execution.fused.locals import Faults, Faulty, _Info

GUEST = 0
Read = tuple[Any, str]
"""A field of a row that was read."""

_requests = count(1)


@dataclass(slots=True)
class Noted:
    """The record of a part: it stands while no field that was read was written."""

    ledger: World
    reads: dict[Read, int] = field(default_factory=dict)
    past: bool = False

    def __len__(self) -> int:
        return len(self.reads)

    @property
    def stands(self) -> bool:
        written = self.ledger.written
        return self.ledger.trusted and not any(written.get(key, 0) != seen for key, seen in self.reads.items())


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, by which request, and what notes it."""

    viewer: int
    request: int = field(default_factory=lambda: next(_requests))
    record: Noted | None = None


WHO: ContextVar[Asking] = ContextVar("who")
"""Who asks where no context says so: the oracle's executor has none."""


@dataclass(slots=True)
class World:
    """What was written how often; the ledger of an engine over it."""

    seed: int
    written: dict[Read, int] = field(default_factory=dict)
    trusted: bool = True

    def is_anonymous(self, value: Asking) -> bool:
        return value.viewer == GUEST

    def recorded(self, value: Asking, count: int) -> list[tuple[Asking, Noted]]:
        records = [Noted(self) for _ in range(count)]
        return [(replace(value, viewer=GUEST, record=record), record) for record in records]

    def shared(self, kind: str, name: str) -> Shared:
        """For whom a field is the same: most fields are for everybody."""
        drawn = Random(f"{self.seed} shared {kind} {name}").randrange(20)
        return "nobody" if drawn == 0 else "anonymous" if drawn < 4 else "everybody"

    def number(self, value: int, thing: Thing, kind: str, name: str, asking: Asking) -> int:
        """What a field's number is now."""
        key = (thing.row.get("id"), name)
        if asking.record is not None:
            asking.record.reads[key] = self.written.get(key, 0)
        shared = self.shared(kind, name)
        mine = 1_000 * asking.viewer if shared != "everybody" else 0
        once = 1_000_000 * (asking.request % 100) if shared == "nobody" else 0
        return value + 10 * self.written.get(key, 0) + mine + once


class Living(Faulty):
    """A subgraph of a world."""

    def __init__(self, name: str, sdl: str, rows: Sequence[Row], world: World, faults: Faults) -> None:
        self.world = world
        super().__init__(name, sdl, rows, world.seed, faults)

    def draw(self, *what: object) -> Random:
        """Subgraphs that share a field agree on it, also on its faults: plans may ask either."""
        return Random(f"{self.seed} {what}")

    def entity(self, representation: Row) -> Thing | GraphQLError | None:
        lost = self.draw("lost", representation.get("id")).randrange(100) < self.faults.lost
        return None if lost else Subgraph.entity(self, representation)

    def resolve(self, thing: Thing | None, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        value = super().resolve(thing, info, **arguments)
        kind = info.parent_type
        if (
            thing is None
            or type(value) is not int
            or info.field_name in thing.given
            or is_key(kind.ast_node, info.field_name)
        ):
            return value
        return self.world.number(value, thing, kind.name, info.field_name, getattr(info, "context", None) or WHO.get())

    def _answer(self, type_: Any, name: str) -> Answer:
        answer = super()._answer(type_, name)
        if name == "_entities":
            return replace(answer, entities=dict.fromkeys(self.schema.type_map, "everybody"))
        shared = self.world.shared(type_.name, name)
        return replace(answer, shared=shared)

    def _batch(self, type_: Any, name: str, *, waits: bool) -> Callable[..., Any]:
        async def batch(rows: Sequence[Any], arguments: Mapping[str, Any], context: Asking) -> list[Any]:
            return [self._cell(row, _Told(name, type_, context), arguments) for row in rows]

        return batch

    def context(self, context: RequestContext) -> Any:
        return context.value


@dataclass(frozen=True, slots=True)
class _Told(_Info):
    """What a batch function is told."""

    context: Asking
