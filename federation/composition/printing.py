"""Last step: the supergraph as SDL, the same bytes for the same subgraphs in whatever order they came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from graphql.language.block_string import print_block_string

from federation.composition.model import (
    ABSENT,
    ROOTS,
    Argument,
    Directive,
    DirectiveDefinition,
    Element,
    EnumName,
    Field,
    Kind,
    Schema,
    Type,
    Value,
)


def print_schema(schema: Schema) -> str:
    """The schema as SDL: the schema itself, then directives and types, each by name."""
    definitions = (print_definition(schema.definitions[name]) for name in sorted(schema.definitions))
    types = (_print_type(schema.types[name]) for name in sorted(schema.types, key=lambda name: (name.lower(), name)))
    return "\n\n".join((_print_root(schema), *definitions, *types)) + "\n"


def _print_root(schema: Schema) -> str:
    roots = "".join(f"\n  {operation}: {name}" for operation, name in ROOTS.items() if name in schema.types)
    head = "".join(f"\n  {print_directive(directive)}" for directive in schema.directives)
    return f"{_description(schema.description, '')}schema{head}\n{{{roots}\n}}"


def print_definition(definition: DirectiveDefinition) -> str:
    """`directive @name(...) on ...`."""
    repeatable = " repeatable" if definition.repeatable else ""
    arguments = _arguments(definition.arguments.values())
    head = f"{_description(definition.description, '')}directive @{definition.name}{arguments}"
    return f"{head}{repeatable} on {' | '.join(definition.locations)}"


def _print_type(one: Type) -> str:
    implements = f" implements {' & '.join(one.interfaces)}" if one.interfaces else ""
    head = f"{_description(one.description, '')}{one.kind.value} {one.name}{implements}"
    directives = "".join(f"\n  {print_directive(directive)}" for directive in one.directives)
    match one.kind:
        case Kind.SCALAR:
            return head + directives
        case Kind.UNION:
            return f"{head}{directives}\n = {' | '.join(one.members)}"
        case Kind.ENUM:
            lines = [_entry(value, value.name) for value in one.values.values()]
        case Kind.INPUT:
            lines = [_entry(field, _input(field)) for field in one.inputs.values()]
        case _:
            lines = [_entry(field, _field(field)) for field in one.fields.values()]
    opening = f"{directives}\n{{" if directives else " {"
    return f"{head}{opening}\n" + "\n".join(lines).lstrip("\n") + "\n}"


def _entry(element: Element, text: str) -> str:
    description = _description(element.description, "  ")
    blank = "\n" if description else ""
    return f"{blank}{description}  {text}{_directives(element.directives)}"


def _field(field: Field) -> str:
    return f"{field.name}{_arguments(field.arguments.values())}: {field.type}"


def _arguments(arguments: Iterable[Argument]) -> str:
    parts = [_argument(argument) for argument in arguments]
    if not parts:
        return ""
    if any("\n" in part for part in parts):
        return "(\n" + "\n".join(parts) + "\n  )"
    return f"({', '.join(parts)})"


def _argument(argument: Argument) -> str:
    text = f"{_input(argument)}{_directives(argument.directives)}"
    if argument.description is None:
        return text
    return f"{_description(argument.description, '    ')}    {text}"


def _input(argument: Argument) -> str:
    default = "" if argument.default is ABSENT else f" = {value_text(argument.default)}"
    return f"{argument.name}: {argument.type}{default}"


def _directives(directives: Iterable[Directive]) -> str:
    return "".join(f" {print_directive(directive)}" for directive in directives)


def print_directive(directive: Directive) -> str:
    """`@name(argument: value)`."""
    arguments = ", ".join(_named_values(directive.arguments))
    return f"@{directive.name}{f'({arguments})' if arguments else ''}"


def _named_values(values: Mapping[str, Value]) -> Iterator[str]:
    return (f"{name}: {value_text(value)}" for name, value in values.items())


def value_text(value: Value) -> str:
    """A constant as SDL writes it."""
    if isinstance(value, EnumName):
        return str(value)
    if isinstance(value, dict):
        return f"{{{', '.join(_named_values(value))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _description(text: str | None, indent: str) -> str:
    if text is None:
        return ""
    block = print_block_string(text) if text else '""""""'
    return "".join(f"{indent}{line}\n" if line else "\n" for line in block.split("\n"))
