"""Units for what stands at a spot, whichever fetches it comes from: for the client, or for another fetch to be asked.

What is wanted of the objects at a spot is a view: keys, where the engine holds their values, and the views of the
objects below. The fields of the fetch that found the objects are read in their own loop; those of others come by a
join: their unit makes a tuple of them for each entity, and the loop takes that of the object's representation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from graphql import is_non_null_type

from federation.execution.compiled.source import variable
from federation.execution.compiled.tree import Field
from federation.execution.compiled.units import Entry, Form, Join, Unit
from federation.execution.fused.spots import NotFusable, Part, Spot, Spots

View = Callable[[Spot], "Iterable[Wanted]"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value that is wanted of the objects at a spot: under `key`, where the engine has it under `held`.

    `constant` is the value where it is known beforehand, as Python writes it. `absent`: may it be missing? Then it is
    null. `required`: null hands the run over to the ordinary executor. `below` is what is wanted of the objects in it;
    it may refuse the field.
    """

    key: str
    held: str = ""
    constant: str = ""
    absent: bool = True
    required: bool = False
    below: Callable[[Field], View | None] = lambda one: None


@dataclass(slots=True)
class Joiner:
    """Makes units; what is wanted twice is made once."""

    spots: Spots
    _numbers: Iterator[int] = field(default_factory=count)
    _known: dict[object, Unit] = field(default_factory=dict)

    @property
    def made(self) -> list[Unit]:
        return list(self._known.values())

    def unit(self, spot: Spot, view: View, form: Form = "object") -> Unit:
        """The unit that makes what `view` wants of the objects at a spot. Raises NotFusable."""
        base = spot.parts[0] if not spot.is_root or len(spot.parts) == 1 else None
        entries: list[Entry] = []
        lent: dict[Part, list[Entry]] = {}
        always: set[Part] = set()
        for wanted in view(spot):
            part = None if wanted.constant else spot.provider(wanted.held)
            if part is None:
                entries.append(_constant(wanted))
                continue
            entry = self._entry(spot, part, wanted, own=part is base)
            if part is not base:
                lent.setdefault(part, []).append(entry)
                always |= set() if wanted.absent else {part}
                entry = Entry(wanted.key, given=entry.key, required=wanted.required)
            entries.append(entry)
        joins = tuple(self._join(part, tuple(given), part in always) for part, given in lent.items())
        return self._unit(spot.type, base, tuple(entries), form, joins)

    def _entry(self, spot: Spot, part: Part, wanted: Wanted, *, own: bool) -> Entry:
        """A value as its own fetch makes it; where it is another's, under the name of its variable there."""
        one = part.fields[wanted.held]
        view = wanted.below(one)
        if (view is None) is one.holds_objects:
            raise NotFusable("objects-and-values-mixed")
        below = tuple(self.unit(child, view) for child in self.spots.below(spot, wanted.held)) if view else ()
        key = wanted.key if own else f"{variable(one)}_f{part.piece.suffix}"
        required = not is_non_null_type(one.type) and ((own and wanted.required) or _told_by_several(spot, wanted))
        return Entry(key, one, below, required=required)

    def _join(self, part: Part, entries: tuple[Entry, ...], always: bool) -> Join:
        _check_once(entries)
        once = tuple({entry.key: entry for entry in entries}.values())
        unit = self._unit(part.node.type.name, part, once, "value" if len(once) == 1 else "tuple", ())
        names = tuple(entry.key for entry in once)
        if part.call is None:
            return Join(unit, f"done{unit.number}", names)
        missing = "REQUIRED" if always else "None" if len(once) == 1 else f"({'None, ' * len(once)})"
        where = f"run{part.piece.suffix}, {part.call.column}, {part.node.number}"
        return Join(unit, f"joined({where}, done{unit.number}, {missing}, run.places[{part.asked}])", names)

    def _unit(
        self, type_name: str, part: Part | None, entries: tuple[Entry, ...], form: Form, joins: tuple[Join, ...]
    ) -> Unit:
        node, suffix = (part.node, part.piece.suffix) if part else (None, "")
        _check_once(entries)
        key = (suffix, node and node.number, form, tuple(map(_key, entries)), tuple(join.rows for join in joins))
        known = self._known.get(key)
        if known is None:
            title = f"{type_name} of fetch {suffix}" if part else type_name
            known = self._known[key] = Unit(next(self._numbers), title, node, entries, form, joins, suffix)
        return known


def _constant(wanted: Wanted) -> Entry:
    if not wanted.constant and not wanted.absent:
        raise NotFusable("asked-of-nobody")
    return Entry(wanted.key, constant=wanted.constant or "None")


def _told_by_several(spot: Spot, wanted: Wanted) -> bool:
    """Where one fetch says null, the ordinary executor may find that another says more."""
    return sum(wanted.held in part.fields for part in spot.parts) > 1


def _key(entry: Entry) -> object:
    number = None if entry.field is None else entry.field.number
    return entry.key, number, _numbers(entry.below), entry.given, entry.constant, entry.required


def _numbers(units: tuple[Unit, ...]) -> tuple[int, ...]:
    return tuple(unit.number for unit in units)


def _check_once(entries: tuple[Entry, ...]) -> None:
    """A loop takes the objects of a field once: it cannot make two things of them."""
    below: dict[int, tuple[int, ...]] = {}
    for entry in entries:
        if entry.field and below.setdefault(entry.field.number, _numbers(entry.below)) != _numbers(entry.below):
            raise NotFusable("objects-taken-twice")
