"""Operations that go given ways, and what of an answer stands where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLArgument, is_required_argument

from tests.support.walker.paths import Path, Step, Ways

Argue = Callable[[Step, str, GraphQLArgument], str | None]
"""The text of an argument's value; None leaves it out."""


@dataclass(slots=True)
class Branch:
    """What is selected of a field's value: by type, by field."""

    types: dict[str, dict[str, Branch]] = field(default_factory=dict)

    def grow(self, path: Path) -> None:
        """Select what the path leads to, and the id of each object on the way."""
        at = self
        for step in path:
            at = at.types.setdefault(step.on, {}).setdefault(step.field, Branch())


@dataclass(frozen=True, slots=True)
class Seen:
    """A field of an answer: the ids of the objects around it from the root on (None where one has none), its value."""

    spot: str
    rows: tuple[str | None, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the walker."""

    text: str
    branch: Branch
    root: str

    def seen(self, data: Mapping[str, Any] | None) -> Iterator[Seen]:
        """Every field of the answer that is there, null ones too."""
        if data is not None:
            yield from _seen(self.branch, {**data, "__typename": self.root}, ())


def operation(ways: Ways, paths: Iterable[Path], argue: Argue, variables: str) -> Operation:
    """The operation that goes all these ways; `variables` is the text of its definitions."""
    branch = Branch()
    for path in paths:
        branch.grow(path)
    return Operation(f"query Walk{variables} {_rendered(ways, branch, argue)}", branch, ways.root)


def _rendered(ways: Ways, branch: Branch, argue: Argue, *, abstract: bool = False) -> str:
    """A selection. Where two types have a field each of one name, they go by names of their own, lest they clash."""
    parts = ["" if ways.root in branch.types else "__typename"]
    selected = [{*fields, *({"id"} & {*ways.fields(type_)})} for type_, fields in branch.types.items()]
    shared = {name for fields in selected for name in fields if sum(name in other for other in selected) > 1}
    for type_, fields in branch.types.items():
        texts = []
        for name in fields | ({"id": Branch()} if "id" in ways.fields(type_) else {}):
            inner = fields.get(name, Branch())
            key = f"{type_}__{name}: " if name in shared else ""
            texts.append(f"{key}{_field(ways, Step(type_, name), inner, argue)}")
        parts.append(f"... on {type_} {{ {' '.join(texts)} }}" if abstract else " ".join(texts))
    return f"{{ {' '.join(parts)} }}"


def _field(ways: Ways, step: Step, inner: Branch, argue: Argue) -> str:
    arguments = []
    for name, argument in ways.fields(step.on)[step.field].args.items():
        value = argue(step, name, argument)
        if value is not None:
            arguments.append(f"{name}: {value}")
        else:
            assert not is_required_argument(argument), f"{step.spot} needs its {name}"
    below = _rendered(ways, inner, argue, abstract=ways.is_abstract(step)) if ways.possible(step) else ""
    given = f"({', '.join(arguments)})" if arguments else ""
    return f"{step.field}{given} {below}"


def _seen(branch: Branch, value: Mapping[str, Any], rows: tuple[str | None, ...]) -> Iterator[Seen]:
    type_ = value["__typename"]
    here = (*rows, id_in(value))
    for name, inner in branch.types.get(type_, {}).items():
        for key in (name, f"{type_}__{name}"):
            if key in value:
                yield Seen(f"{type_}.{name}", here, value[key])
                for one in _objects(value[key]):
                    yield from _seen(inner, one, here)


def id_in(value: Any) -> str | None:
    """The id of an object of an answer."""
    if not isinstance(value, dict) or "__typename" not in value:
        return None
    found: str | None = value.get("id", value.get(f"{value['__typename']}__id"))
    return found


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict) and "__typename" in value:
        yield value
