"""`@cost` and `@listSize` (Federation 2.9): estimates must be possible to make."""

from __future__ import annotations

from collections.abc import Iterator

from federation.composition.facts import fields_of
from federation.composition.model import COMPOSITE, Directive, Field, Kind, Subgraph, is_list, named, nullable
from federation.errors import CompositionError

Problem = tuple[str, str]


def costs_stand_on_objects(subgraph: Subgraph) -> Iterator[CompositionError]:
    """A field of an interface costs what the object's field behind it costs."""
    for owner, field in fields_of(subgraph.schema):
        if owner.kind is Kind.INTERFACE and field.has("cost"):
            coordinate = f"{owner.name}.{field.name}"
            message = f'[{subgraph.name}] "{coordinate}" is a field of an interface and cannot have a @cost'
            yield CompositionError(
                "COST_APPLIED_TO_INTERFACE_FIELD", message, subgraphs=(subgraph.name,), coordinate=coordinate
            )


def list_sizes_are_sound(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Sizes are of lists, not negative, and sliced by integers."""
    for owner, field in fields_of(subgraph.schema):
        coordinate = f"{owner.name}.{field.name}"
        for size in field.all("listSize"):
            for code, reason in (
                *_of_lists(field, size),
                *_slicing(field, size),
                *_sized_fields(subgraph, field, size),
            ):
                message = f'[{subgraph.name}] @listSize on "{coordinate}": {reason}'
                yield CompositionError(code, message, subgraphs=(subgraph.name,), coordinate=coordinate)


def _of_lists(field: Field, size: Directive) -> Iterator[Problem]:
    if not size["sizedFields"] and not is_list(field.type):
        yield "LIST_SIZE_APPLIED_TO_NON_LIST", f'"{field.type}" is no list'
    if size["assumedSize"] is not None and size["assumedSize"] < 0:
        yield "LIST_SIZE_INVALID_ASSUMED_SIZE", "the assumed size is negative"


def _slicing(field: Field, size: Directive) -> Iterator[Problem]:
    for name in size["slicingArguments"] or ():
        argument = field.arguments.get(name)
        if argument is None:
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", f'there is no argument "{name}"'
        elif nullable(argument.type) != "Int":
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", f'argument "{name}" is "{argument.type}", not an integer'


def _sized_fields(subgraph: Subgraph, field: Field, size: Directive) -> Iterator[Problem]:
    names = size["sizedFields"] or ()
    target = subgraph.types.get(named(field.type))
    if names and (target is None or target.kind not in COMPOSITE):
        yield "LIST_SIZE_INVALID_SIZED_FIELD", f'"{field.type}" has no fields'
        return
    for name in names:
        sized = target.fields.get(name) if target else None
        if sized is None:
            yield "LIST_SIZE_INVALID_SIZED_FIELD", f'there is no field "{named(field.type)}.{name}"'
        elif not is_list(sized.type):
            yield "LIST_SIZE_APPLIED_TO_NON_LIST", f'"{named(field.type)}.{name}" is no list'
