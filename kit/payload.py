"""What a mutation gives back: a result, or the reasons why there is none, and what the user should know besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class UserError:
    """A refusal that the user can do something about; its subclass is what a front end branches on."""

    code: str
    message: str
    path: tuple[str, ...] | None = None
    """Where in the mutation's arguments the reason is; None where it is in none of them."""


@dataclass(frozen=True, slots=True)
class UserWarning:
    """What went through, but not quite as asked for."""

    code: str
    message: str
    path: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Payload(Generic[Result]):
    """The answer of one mutation."""

    result: Result | None = None
    errors: tuple[UserError, ...] = ()
    warnings: tuple[UserWarning, ...] = ()
