"""A query plan whose fetches all go to compiled operations of this process, as one piece of Python."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import OperationDefinitionNode

from federation.execution.compiled import NotCompilable
from federation.execution.compiled.inputs import Inputs
from federation.execution.compiled.source import Source
from federation.execution.compiled.tree import Field, every_field
from federation.execution.fused.asked import Asked
from federation.execution.fused.spots import NotFusable, Piece, Spots
from federation.execution.fused.writing import NAMES, write_answer, write_asking
from federation.execution.transport.local import Local
from federation.planning.nodes import Fetch, QueryPlan

Ask = Callable[[Any], Generator[None, None, tuple[Asked, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class Fusion:
    """One fetch as it is run: its subgraph's operation, what its variables make of arguments, and what it asks for.

    `calls` are its `_entities` fields; `ask` says what they ask for.
    """

    piece: Piece
    inputs: Inputs
    calls: tuple[Field, ...] = ()
    ask: Ask | None = None

    @property
    def fetch(self) -> Fetch:
        return self.piece.fetch


@dataclass(frozen=True, slots=True, eq=False)
class FusedPlan:
    """The plan as Python: `source` is its text, `size` its number of fields, `places` how many lists of places it has.

    `complete` makes the answer from the runs of all fetches.
    """

    plan: QueryPlan
    fusions: tuple[Fusion, ...]
    complete: Callable[[Any], Generator[None, None, dict[str, Any]]]
    places: int
    source: str

    @property
    def size(self) -> int:
        return sum(fusion.piece.compiled.size for fusion in self.fusions)


def fuse(plan: QueryPlan, ways: Mapping[str, Local | None]) -> FusedPlan:
    """The plan, fused. `ways` has each subgraph of this process by name. Raises NotFusable."""
    if plan.kind != "query":
        raise NotFusable(plan.kind)
    pieces = [_piece(fetch, ways.get(fetch.service)) for fetch in plan.fetches]
    if not pieces:
        raise NotFusable("no-fetches")
    spots, source = Spots.of(pieces, plan.shape.type), Source()
    for piece in pieces:
        if piece.fetch.calls:
            write_asking(source, spots, piece)
            source.add()
            source.add()
    write_answer(source, spots, plan.shape)
    namespace: dict[str, Any] = {**NAMES, **source.names}
    exec(compile(source.text, "<fused plan>", "exec"), namespace)
    fusions = tuple(_fusion(piece, namespace.get(f"ask_{piece.fetch.number}")) for piece in pieces)
    return FusedPlan(plan, fusions, namespace["complete"], spots.places, source.text)


def _piece(fetch: Fetch, local: Local | None) -> Piece:
    if local is None:
        raise NotFusable("other-process")
    try:
        return Piece(fetch, local, local.operation(fetch.query))
    except NotCompilable as left:
        raise NotFusable(f"not-compiled-{left.reason}") from None


def _fusion(piece: Piece, ask: Ask | None) -> Fusion:
    """Representations are handed over as they are, so neither they nor the variables for them are coerced."""
    compiled = piece.compiled
    operation: OperationDefinitionNode = compiled.origin.operation
    apart = {call.variable for call in piece.fetch.calls}
    definitions = [one for one in operation.variable_definitions or () if one.variable.name.value not in apart]
    calls = piece.root.fields if piece.fetch.calls else ()
    numbers = {call.number for call in calls}
    fields = [one for one in every_field(piece.root) if one.number not in numbers]
    return Fusion(piece, Inputs(compiled.origin.schema, definitions, fields, compiled.tree.columns), calls, ask)
