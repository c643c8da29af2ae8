"""Random operations on a random world, valid by the way they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import is_abstract_type, is_enum_type, is_input_object_type, is_leaf_type, is_list_type, is_non_null_type
from graphql.pyutils import Undefined

from tests.federation.execution.compiled.worlds import Random, World, type_of

DEPTH = 3


@dataclass(slots=True)
class Asked:
    """An operation's text with its variables as a client sends them."""

    text: str
    variables: dict[str, Any]


@dataclass(slots=True)
class Writer:
    """Writes one operation. A response key says which field with which arguments it is, so that equal keys merge."""

    world: World
    rng: Random
    flags: int
    budget: int = 30
    definitions: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)

    def selection(self, type_: Any, depth: int) -> str:
        parts = [self.part(type_, depth) for _ in range(self.rng.randrange(2, 7) if self.budget > 0 else 1)]
        return "{ " + " ".join(parts) + " }"

    def part(self, type_: Any, depth: int) -> str:
        kind = self.rng.randrange(10)
        self.budget -= 1
        if self.budget < 0 or kind == 0:
            return self.field(type_, 0) if hasattr(type_, "fields") else self.typename()
        if kind == 1 or not hasattr(type_, "fields"):
            return self.fragment(type_, depth)
        if kind == 2 and depth:
            return self.spread(type_, depth)
        return self.typename() if kind == 3 else self.field(type_, depth)

    def typename(self) -> str:
        return f"{self.rng.choice(('', 't: '))}__typename{self.condition()}"

    def field(self, type_: Any, depth: int) -> str:
        names = [name for name in sorted(type_.fields) if depth or is_leaf_type(type_of(self.world, name))]
        if not names:
            return self.typename()
        name = self.rng.choice(names)
        named = type_of(self.world, name)
        arguments, variant = self.arguments(name)
        key = f"{name}_{variant}: " if variant else self.rng.choice(("", f"x{name}: "))
        below = "" if is_leaf_type(named) else self.selection(named, depth - 1)
        return f"{key}{name}{arguments}{self.condition()} {below}"

    def fragment(self, type_: Any, depth: int) -> str:
        condition = self.rng.choice(self.related(type_))
        on = "" if condition is type_ and self.rng.randrange(2) else f" on {condition.name}"
        return f"...{on}{self.condition()} {self.selection(condition, depth)}"

    def spread(self, type_: Any, depth: int) -> str:
        condition = self.rng.choice(self.related(type_))
        known = [name for name in self.fragments if name.startswith(f"F{condition.name}") and self.fragments[name]]
        if known and self.rng.randrange(2):
            return f"...{self.rng.choice(known)}{self.condition()}"
        name = f"F{condition.name}{len(self.fragments)}"
        self.fragments[name] = ""  # not to be spread in itself
        self.fragments[name] = f"fragment {name} on {condition.name} {self.selection(condition, depth - 1)}"
        return f"...{name}{self.condition()}"

    def related(self, type_: Any) -> list[Any]:
        """Types that a value of `type_` may have, too."""
        schema = self.world.schema
        mine = set(schema.get_possible_types(type_)) if is_abstract_type(type_) else {type_}
        return [
            other
            for name, other in sorted(self.world.types.items())
            if name not in ("Query", "Mutation") or other is type_
            if mine & (set(schema.get_possible_types(other)) if is_abstract_type(other) else {other})  # type: ignore[arg-type]
        ]

    def condition(self) -> str:
        if self.rng.randrange(6):
            return ""
        return "".join(
            f" @{name}(if: {self.flag()})" for name in self.rng.choice((["skip"], ["include"], ["skip", "include"]))
        )

    def flag(self) -> str:
        if not self.flags or self.rng.randrange(4) == 0:
            return self.rng.choice(("true", "false"))
        name = f"flag{self.rng.randrange(self.flags)}"
        if name not in self.definitions:
            default = self.rng.choice(("!", " = true", " = false"))
            self.definitions[name] = f"Boolean{default}"
            if default == "!" or self.rng.randrange(2):
                self.variables[name] = self.rng.randrange(2) == 0
            if default != "!" and self.rng.randrange(40) == 0:
                self.variables[name] = None
        return f"${name}"

    def arguments(self, name: str) -> tuple[str, str]:
        """The text of a field's arguments, and a name for just these."""
        chosen, variant = [], ""
        for argument, declared in self.world.fields[name].args.items():
            required = is_non_null_type(declared.type) and declared.default_value is Undefined
            if not required and self.rng.randrange(2):
                continue
            value = self.argument(declared)
            chosen.append(f"{argument}: {value}")
            variant += argument + "".join(c if c.isalnum() and c.isascii() else "_" for c in value)
        if not chosen:
            return "", ""
        return f"({', '.join(chosen)})", variant

    def argument(self, declared: Any) -> str:
        if self.rng.randrange(2):
            return self.variable(declared)
        if is_list_type(declared.type) and self.rng.randrange(3) == 0:
            return f"[{self.literal(declared.type.of_type)}]"
        return self.literal(declared.type)

    def variable(self, declared: Any) -> str:
        name = f"v{len(self.definitions)}"
        type_ = declared.type
        lax = is_non_null_type(type_) and declared.default_value is not Undefined and self.rng.randrange(2)
        if lax:
            type_ = type_.of_type
        default = "" if self.rng.randrange(2) or is_non_null_type(type_) else f" = {self.literal(type_)}"
        self.definitions[name] = f"{type_}{default}"
        if is_non_null_type(type_) or self.rng.randrange(3):
            self.variables[name] = self.wrong() if self.rng.randrange(30) == 0 else self.input(type_)
        if not is_non_null_type(type_) and self.rng.randrange(6) == 0:
            self.variables[name] = None
        return f"${name}"

    def literal(self, type_: Any) -> str:
        return _printed(self.input(type_, literal=True))

    def wrong(self) -> Any:
        return self.rng.choice((["a"], {"b": 1}, "c", 1.5))

    def input(self, type_: Any, depth: int = 2, *, literal: bool = False) -> Any:
        if is_non_null_type(type_):
            type_ = type_.of_type
        elif self.rng.randrange(8) == 0:
            return None
        if is_list_type(type_):
            return [self.input(type_.of_type, depth, literal=literal) for _ in range(self.rng.randrange(3))]
        if is_enum_type(type_):
            name = self.rng.choice(("RED", "GREEN", "BLUE"))
            return _Name(name) if literal else name
        if is_input_object_type(type_):
            names = [name for name in type_.fields if self.rng.randrange(2) and (depth or name != "inner")]
            return {name: self.input(type_.fields[name].type, depth - 1, literal=literal) for name in names}
        values: Sequence[Any] = {"Int": (1, 2), "Float": (1.5, 2), "String": ("s", "ü"), "Tag": ("tag1", "tag2")}[
            type_.name
        ]
        return self.rng.choice(values)


class _Name(str):
    """The name of an enum's value."""


def _printed(value: Any) -> str:
    if isinstance(value, _Name):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_printed, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_printed(item)}" for name, item in value.items()) + "}"
    if isinstance(value, str):
        return f'"{value}"'
    return "null" if value is None else str(value)


def operation(world: World, number: int) -> Asked:
    """The operation of this number on a world."""
    rng = world.draw("operation", number)
    writer = Writer(world, rng, flags=rng.choice((0, 0, 1, 2, 4, 6)))
    kind = "mutation" if rng.randrange(6) == 0 else "query"
    body = writer.selection(world.types[kind.capitalize()], DEPTH)
    variables = ", ".join(f"${name}: {type_}" for name, type_ in writer.definitions.items())
    used = " ".join(text for text in writer.fragments.values())
    return Asked(f"{kind} Asked{f'({variables})' if variables else ''} {body} {used}", writer.variables)
