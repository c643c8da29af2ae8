"""How each field of a schema is answered: all that the compiler has to be told beside the schema itself."""

from __future__ import annotations

import keyword
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from typing import Any, Literal

BatchFunction = Callable[[Sequence[Any], dict[str, Any], Any], Awaitable[Sequence[Any]]]
"""Rows, coerced arguments and the request's context in; one cell per row out. An exception as a cell has failed.

Arguments are remembered for other runs: they must not be changed.
"""

Judge = Callable[[Sequence[Any], Any], Sequence[Exception | None] | Awaitable[Sequence[Exception | None]]]
"""Rows and the request's context in; for each row None where it may be read, or the error that the field gets."""


Shared = Literal["nobody", "anonymous", "everybody"]
"""For whom what a field brings is the same, as long as what its function reads through the context does not change: for
all who ask; for all who are nobody in particular; or that is not promised."""


def fewest(levels: Iterable[Shared]) -> Shared:
    """For whom something is the same that is made of parts which are the same for these."""
    found = set(levels)
    return "nobody" if "nobody" in found else "anonymous" if "anonymous" in found else "everybody"


class NotCompilable(Exception):
    """The operation is left to graphql-core, for `reason`: a word for counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Attribute:
    """The field is the attribute `name` of its row, plain data: neither a method nor awaitable."""

    name: str

    def __post_init__(self) -> None:
        if not (self.name.isascii() and self.name.isidentifier()) or keyword.iskeyword(self.name):
            raise ValueError(f"{self.name!r} is no name of an attribute")


@dataclass(frozen=True, slots=True)
class BatchCall:
    """The field is answered for all rows of a level by one call. `waits` is false where the function gives the cells
    themselves, at once."""

    function: BatchFunction | Callable[[Sequence[Any], dict[str, Any], Any], Sequence[Any]]
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Plain:
    """The field is answered row by row by a resolver as graphql-core knows them: `(source, info, **arguments)`.

    `info.path` is the response key alone: a level's rows are resolved together. `waits` is false where the resolver
    gives no awaitables.
    """

    resolver: Callable[..., Any]
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """How a field is answered, and who judges first whether it may be: denied rows never reach a batch function.

    A guard that has to be waited for is an `async def`. `shared` says for whom the answer is the same; `entities` says
    it of the rows that a field of entities finds, by the name of their type.
    """

    how: Attribute | BatchCall | Plain
    guard: Judge | None = None
    shared: Shared = "nobody"
    entities: Mapping[str, Shared] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """May the field have to be waited for?"""
        return (not isinstance(self.how, Attribute) and self.how.waits) or iscoroutinefunction(self.guard)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answer of each field by (name of type, name of field).

    `types_by_class` promises that the type of a row follows from its class: `is_type_of` and `resolve_type` are then
    asked once per class.
    """

    fields: Mapping[tuple[str, str], Answer]
    types_by_class: bool = False

    def of(self, type_name: str, field_name: str) -> Answer:
        """The field's answer. Raises NotCompilable where there is none."""
        try:
            return self.fields[type_name, field_name]
        except KeyError:
            raise NotCompilable("unanswered-field") from None
