"""Filters, sort orders and facets, generated from the fields that say they may serve as one.

They have their field's guard: who may not read a field learns nothing of it by asking which rows have which value,
which come first or how many there are. What is refused is refused before a statement is run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from functools import cache
from typing import Any

import strawberry
from strawberry import ID, federation
from strawberry.utils.str_converters import to_camel_case

from kit.errors import Forbidden, Invalid
from kit.viewer import Viewer
from models.filtering import Comparison, Match, Matches, Sorting
from schema.access import ANYONE, JUDGED, RULE, SIEVE, shown
from schema.entity import ROWS
from schema.rules import Rule
from schema.scalars import Long

MOST_VALUES = 50
"""Values that one filter may name."""
Reader = Callable[[str, str, Any], Iterator[Match]]
"""Column, path of the argument and operators in, matches out. Raises Invalid."""


@federation.input(description="Which ids: this one, or one of these.")
class IdFilter:
    eq: ID | None = federation.field(default=None, description="This one.")
    in_: list[ID] | None = federation.field(default=None, name="in", description="One of these, up to 50.")


@federation.input(description="A range of sums, both ends included.")
class MoneyRange:
    min: Long | None = federation.field(default=None, description="In minor units: fen (分) of CNY.")
    max: Long | None = federation.field(default=None, description="In minor units: fen (分) of CNY.")


@federation.input(description="A range of numbers, both ends included.")
class IntRange:
    min: int | None = federation.field(default=None, description="The smallest.")
    max: int | None = federation.field(default=None, description="The largest.")


@federation.input(description="A stretch of time.")
class TimeRange:
    since: datetime | None = federation.field(default=None, description="From this moment on.")
    before: datetime | None = federation.field(default=None, description="Until just before this moment.")


@federation.type(shareable=True, description="How many rows of a list have a value.")
class Facet:
    value: str = shown(to=ANYONE, says="The value.")
    count: int = shown(to=ANYONE, says="How many.")


@cache
def enum_filter(enum: type[Enum]) -> Any:
    """The input that asks for values of an enum."""
    name = f"{enum.__strawberry_definition__.name}Filter"  # type: ignore[attr-defined]
    made = type(name, (), {"__annotations__": {"eq": enum | None, "in_": list[enum] | None}, "__module__": __name__})  # type: ignore[valid-type]
    made.eq = federation.field(default=None, description="This one.")  # type: ignore[attr-defined]
    made.in_ = federation.field(default=None, name="in", description="One of these.")  # type: ignore[attr-defined]
    return federation.input(made, description="Which values: this one, or one of these.")


def _values(column: str, path: str, asked: Any) -> Iterator[Match]:
    if asked.in_ is not None and len(asked.in_) > MOST_VALUES:
        raise Invalid("filter.values", f"{path}.in names more than {MOST_VALUES} values", argument=path)
    for values in ([asked.eq] if asked.eq is not None else None, asked.in_):
        if values is not None:
            plain = (value.value if isinstance(value, Enum) else value for value in values)
            yield Match(column, Comparison.ONE_OF, tuple(dict.fromkeys(plain)))


def _range(column: str, path: str, asked: Any) -> Iterator[Match]:
    if asked.min is not None and asked.max is not None and asked.min > asked.max:
        raise Invalid("filter.range", f"{path}.min is above {path}.max", argument=path)
    for comparison, bound in ((Comparison.AT_LEAST, asked.min), (Comparison.AT_MOST, asked.max)):
        if bound is not None:
            yield Match(column, comparison, (bound,))


def _stretch(column: str, path: str, asked: Any) -> Iterator[Match]:
    for comparison, moment in ((Comparison.AT_LEAST, asked.since), (Comparison.BEFORE, asked.before)):
        if moment is not None:
            if moment.tzinfo is None:
                raise Invalid("filter.zone", f"{path} needs its zone, as in 2026-11-22T12:00:00+08:00", argument=path)
            yield Match(column, comparison, (moment,))


_READERS: Mapping[Any, Reader] = {IdFilter: _values, MoneyRange: _range, IntRange: _range, TimeRange: _stretch}


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a field's lists may do with its `column`: narrow by the input `operators`, sort, count by value."""

    column: str
    operators: Any
    sorts: bool = False
    counts: bool = False

    def matches(self, path: str, asked: Any) -> Iterator[Match]:
        """The matches that the operators ask for."""
        return _READERS.get(self.operators, _values)(self.column, path, asked)


def by_id(column: str) -> Sieve:
    """Lists may be narrowed by the id in `column`."""
    return Sieve(column, IdFilter)


def by_money(column: str, *, sorts: bool = False) -> Sieve:
    """Lists may be narrowed by the sum in `column`."""
    return Sieve(column, MoneyRange, sorts)


def by_number(column: str, *, sorts: bool = False) -> Sieve:
    """Lists may be narrowed by the number in `column`."""
    return Sieve(column, IntRange, sorts)


def by_time(column: str, *, sorts: bool = False) -> Sieve:
    """Lists may be narrowed by the moment in `column`."""
    return Sieve(column, TimeRange, sorts)


def by_value(column: str, enum: Any, *, counts: bool = False) -> Sieve:
    """Lists may be narrowed by the value of the enum in `column`, and counted by it."""
    return Sieve(column, enum_filter(enum), counts=counts)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A field that serves as a filter, with its guard."""

    name: str
    sieve: Sieve
    rule: Rule

    def check(self, viewer: Viewer, path: str) -> None:
        """Raises Forbidden where the field is not open to the viewer under this hat."""
        if not self.rule.hats.allows(viewer, None):
            raise Forbidden("filter.closed", f"{path} is not open to you", argument=path)


def guarded_fields(cls: type) -> list[Guarded]:
    """The fields of a type that say how they serve.

    Raises TypeError for one that is open on own rows only, where the type's lists show the rows of all: the rows that
    pass would tell of others'.
    """
    found = []
    for field in cls.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        sieve: Sieve | None = field.metadata.get(SIEVE)
        if sieve is not None:
            rule: Rule = field.metadata[RULE]
            if not rule.is_open and getattr(cls, ROWS, ANYONE).is_open:
                raise TypeError(f"{cls.__name__}.{field.python_name} is guarded: lists of all rows cannot filter by it")
            found.append(Guarded(field.python_name, sieve, rule))
    return found


def where_of(cls: type) -> Any:
    """The input that narrows lists of a type: an operator for each field that serves as a filter."""
    fields = {one.name: one for one in guarded_fields(cls)}
    made = type(f"{cls.__name__}Where", (), {"__module__": __name__})
    made.__annotations__ = {name: one.sieve.operators | None for name, one in fields.items()}
    for name, one in fields.items():
        setattr(made, name, federation.field(default=None, description=one.rule.told(f"By `{to_camel_case(name)}`.")))
    made = federation.input(made, description="What the rows of a list must be; all that is given must hold.")

    def judge(asked: Any, viewer: Viewer, path: str) -> Matches:
        wanted = [(one, getattr(asked, name), f"{path}.{to_camel_case(name)}") for name, one in fields.items()]
        given = [(one, operators, place) for one, operators, place in wanted if operators is not None]
        for one, _, place in given:
            one.check(viewer, place)
        return tuple(match for one, operators, place in given for match in one.sieve.matches(place, operators))

    setattr(made, JUDGED, judge)
    return made


def order_of(cls: type) -> Any:
    """The enum of a type's sort orders: upwards and downwards by each field that may sort."""
    sorts = {
        f"{one.name.upper()}_{way}": (one, Sorting(one.sieve.column, way == "DESC"))
        for one in guarded_fields(cls)
        if one.sieve.sorts
        for way in ("ASC", "DESC")
    }
    return _enum(f"{cls.__name__}Order", sorts, "How a list is sorted; equal rows by id.")


def facet_of(cls: type) -> Any:
    """The enum of the fields by whose values a type's lists may be counted."""
    counts = {one.name.upper(): (one, one.sieve.column) for one in guarded_fields(cls) if one.sieve.counts}
    return _enum(f"{cls.__name__}Facet", counts, "By which field the rows of a list are counted.")


def _enum(name: str, members: Mapping[str, tuple[Guarded, Any]], says: str) -> Any:
    made = StrEnum(name, {member: member for member in members})  # type: ignore[misc]

    def judge(asked: Any, viewer: Viewer, path: str) -> Any:
        one, meant = members[asked.value]
        one.check(viewer, path)
        return meant

    setattr(made, JUDGED, staticmethod(judge))
    return strawberry.enum(made, description=says)
