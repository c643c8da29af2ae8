"""Writes a fused plan as Python: a function for each fetch of entities, which says what it asks for, and one that
completes the answer from the rows of all fetches in a single pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from federation.execution.compiled import completing
from federation.execution.compiled.source import Source, variable
from federation.execution.compiled.units import Unit
from federation.execution.fused.asked import REQUIRED, Asked, joined
from federation.execution.fused.joining import Joiner
from federation.execution.fused.spots import Asking, NotFusable, Piece, Spots
from federation.execution.fused.views import answer_view, key_view, plain_key, representation_view
from federation.planning.nodes import ObjectShape

NAMES: dict[str, object] = {**completing.NAMES, "Asked": Asked, "REQUIRED": REQUIRED, "joined": joined}
"""What the written code calls."""


def write_answer(source: Source, spots: Spots, shape: ObjectShape) -> None:
    """Write `complete`, which makes the client's answer. Raises NotFusable."""
    unit = Joiner(spots).unit(spots.root, answer_view(shape))
    with source.block("def complete(run):"):
        _write_units(source, [unit])
        source.add(f"return done{unit.number}[0]")


def write_asking(source: Source, spots: Spots, piece: Piece) -> None:
    """Write `ask_N`, which gives what the fetch N asks for: the representations of each of its calls."""
    number, joiner = piece.fetch.number, Joiner(spots)
    askings = spots.askings.get(number)
    if not askings:
        raise NotFusable("asks-for-nothing")
    units = [_asked_unit(joiner, one) for one in askings]
    calls = [variable(call) for call in piece.root.fields]
    with source.block(f"def ask_{number}(run):"):
        _write_units(source, units)
        for call in calls:
            source.add(f"{call} = Asked()")
        for asking, unit in zip(askings, units, strict=True):
            source.add(f"run.places[{asking.number}] = {variable(asking.call)}.{_added(asking, unit)}")
        source.add(f"return {', '.join(calls)},")


def _asked_unit(joiner: Joiner, asking: Asking) -> Unit:
    if plain_key(asking.source, asking.spot) and not asking.source.required:
        return joiner.unit(asking.spot, key_view(asking.source), "value")
    return joiner.unit(asking.spot, representation_view(asking.source))


def _added(asking: Asking, unit: Unit) -> str:
    if unit.form == "value":
        return f"by_key({asking.source.typename!r}, {asking.source.keys[0].name!r}, done{unit.number})"
    key = plain_key(asking.source, asking.spot)
    return f"whole(done{unit.number}, {key!r})" if key else f"whole(done{unit.number})"


def _write_units(source: Source, units: Sequence[Unit]) -> None:
    """Write units with the variables for the runs that they name."""
    used = {unit.suffix: unit for unit in _all(units) if unit.suffix}
    for suffix in sorted(used, key=int):
        source.add(f"run{suffix} = run.runs[{suffix}]")
        names = [f"{name}{suffix}" for name in ("rows", "columns", "kinds")]
        source.add(f"{', '.join(names)} = run{suffix}.rows, run{suffix}.columns, run{suffix}.kinds")
    written: set[int] = set()
    for unit in units:
        completing.write_units(source, unit, written)


def _all(units: Iterable[Unit]) -> Iterator[Unit]:
    for unit in units:
        yield unit
        yield from _all(below for entry in unit.entries for below in entry.below)
        yield from _all(join.unit for join in unit.joins)
