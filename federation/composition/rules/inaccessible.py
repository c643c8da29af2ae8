"""`@inaccessible`: what clients see must not lean on what is hidden (https://specs.apollo.dev/inaccessible/v0.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from federation.composition.merging import Merged
from federation.composition.model import (
    ABSENT,
    ROOTS,
    Argument,
    Element,
    EnumName,
    Field,
    Kind,
    Schema,
    Subgraph,
    Type,
    Value,
    is_list,
    item,
    named,
    nullable,
)
from federation.errors import CompositionError

Subgraphs = Sequence[Subgraph]
Errors = Iterator[CompositionError]


@dataclass(frozen=True, slots=True)
class View:
    """A merged schema and what is hidden in it."""

    schema: Schema
    directive: str

    def hides(self, element: Element) -> bool:
        return element.has(self.directive)

    def hides_type(self, type_text: str) -> bool:
        one = self.schema.types.get(named(type_text))
        return one is not None and self.hides(one)

    def types(self) -> Iterator[Type]:
        """Types that clients see."""
        return (one for one in self.schema.types.values() if not self.hides(one))

    def fields(self) -> Iterator[tuple[Type, Field]]:
        """Fields that clients see."""
        for owner in self.types():
            yield from ((owner, field) for field in owner.fields.values() if not self.hides(field))

    def inputs(self) -> Iterator[tuple[str, Argument]]:
        """Arguments and input fields that clients see, with their coordinates."""
        for owner in self.types():
            for one in owner.inputs.values():
                if not self.hides(one):
                    yield f"{owner.name}.{one.name}", one
        for owner, field in self.fields():
            for one in field.arguments.values():
                if not self.hides(one):
                    yield f"{owner.name}.{field.name}({one.name}:)", one


def _views(merged: Merged) -> Iterable[View]:
    """The view of a schema that hides something; none of one that does not."""
    name = merged.features.names.get("inaccessible")
    return [View(merged.schema, name)] if name else []


def query_root_is_accessible(merged: Merged, _: Subgraphs) -> Errors:
    """Without it there would be nothing to ask."""
    for view in _views(merged):
        if view.hides(view.schema.types[ROOTS["query"]]):
            message = "the query root type is @inaccessible"
            yield CompositionError("QUERY_ROOT_TYPE_INACCESSIBLE", message, coordinate=ROOTS["query"])


def types_keep_accessible_children(merged: Merged, _: Subgraphs) -> Errors:
    """A type that clients see has something in it that they see."""
    for view in _views(merged):
        for one in view.types():
            children: list[Element] = [*one.fields.values(), *one.inputs.values(), *one.values.values()]
            children += [view.schema.types[member] for member in one.members]
            if children and all(view.hides(child) for child in children):
                message = f'"{one.name}" is visible, but everything in it is @inaccessible'
                yield CompositionError("ONLY_INACCESSIBLE_CHILDREN", message, coordinate=one.name)


def references_are_accessible(merged: Merged, _: Subgraphs) -> Errors:
    """What clients see is of types that they see."""
    for view in _views(merged):
        outputs = ((f"{owner.name}.{field.name}", field.type) for owner, field in view.fields())
        inputs = ((coordinate, one.type) for coordinate, one in view.inputs())
        for coordinate, type_text in (*outputs, *inputs):
            if view.hides_type(type_text):
                message = f'"{named(type_text)}" is @inaccessible, but "{coordinate}" is of that type and visible'
                yield CompositionError("REFERENCED_INACCESSIBLE", message, coordinate=coordinate)


def implementations_are_accessible(merged: Merged, _: Subgraphs) -> Errors:
    """A visible field of an interface is visible in what implements it, arguments included."""
    for view in _views(merged):
        for one in view.types():
            for interface in (view.schema.types[name] for name in one.interfaces):
                for field in one.fields.values():
                    declared = interface.fields.get(field.name)
                    if declared is not None and not view.hides(interface) and not view.hides(declared):
                        yield from _hidden_implementation(view, f"{one.name}.{field.name}", field, declared)


def _hidden_implementation(view: View, coordinate: str, field: Field, declared: Field) -> Errors:
    code = "IMPLEMENTED_BY_INACCESSIBLE"
    if view.hides(field):
        message = f'"{coordinate}" is @inaccessible, but implements a visible field of an interface'
        yield CompositionError(code, message, coordinate=coordinate)
        return
    for name, argument in field.arguments.items():
        theirs = declared.arguments.get(name)
        if theirs is not None and view.hides(argument) and not view.hides(theirs):
            message = f'"{coordinate}({name}:)" is @inaccessible, but implements a visible argument of an interface'
            yield CompositionError(code, message, coordinate=f"{coordinate}({name}:)")


def required_inputs_are_accessible(merged: Merged, _: Subgraphs) -> Errors:
    """Nobody can send what he cannot see, so it must not be required."""
    for view in _views(merged):
        for owner, field in view.fields():
            for argument in field.arguments.values():
                if view.hides(argument):
                    yield from _hidden_argument(view, owner, field, argument)
        for owner in view.types():
            for one in owner.inputs.values():
                if view.hides(one) and one.required:
                    yield _required_error(f"{owner.name}.{one.name}")


def _hidden_argument(view: View, owner: Type, field: Field, argument: Argument) -> Errors:
    if argument.required:
        yield _required_error(f"{owner.name}.{field.name}({argument.name}:)")
    for other in view.types():
        theirs = other.fields.get(field.name) if owner.name in other.interfaces else None
        implementing = theirs.arguments.get(argument.name) if theirs and not view.hides(theirs) else None
        if implementing is not None and implementing.required and not view.hides(implementing):
            yield _required_error(f"{owner.name}.{field.name}({argument.name}:)")


def _required_error(coordinate: str) -> CompositionError:
    return CompositionError(
        "REQUIRED_INACCESSIBLE", f'"{coordinate}" is @inaccessible, but required', coordinate=coordinate
    )


def defaults_are_accessible(merged: Merged, _: Subgraphs) -> Errors:
    """A default that clients see does not mention what they do not see."""
    for view in _views(merged):
        for coordinate, one in view.inputs():
            if one.default is not ABSENT:
                for hidden in dict.fromkeys(_hidden_in_value(view, one.default, one.type)):
                    message = f'"{hidden}" is @inaccessible, but the default of "{coordinate}" mentions it'
                    yield CompositionError("DEFAULT_VALUE_USES_INACCESSIBLE", message, coordinate=coordinate)


def _hidden_in_value(view: View, value: Value, type_text: str) -> Iterator[str]:
    """Coordinates of hidden input fields and enum values in a constant."""
    if isinstance(value, list):
        inner = item(type_text) if is_list(type_text) else type_text
        for entry in value:
            yield from _hidden_in_value(view, entry, inner)
        return
    one = view.schema.types.get(named(nullable(type_text)))
    if one is None:
        return
    if one.kind is Kind.ENUM and isinstance(value, EnumName) and value in one.values:
        if view.hides(one.values[value]):
            yield f"{one.name}.{value}"
    elif one.kind is Kind.INPUT and isinstance(value, dict):
        yield from _hidden_in_object(view, one, value)


def _hidden_in_object(view: View, one: Type, value: Mapping[str, Value]) -> Iterator[str]:
    for name, entry in value.items():
        field = one.inputs.get(name)
        if field is not None:
            if view.hides(field):
                yield f"{one.name}.{name}"
            yield from _hidden_in_value(view, entry, field.type)
