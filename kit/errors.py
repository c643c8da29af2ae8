"""The only errors that a client may see; anything else is our bug and is shown as INTERNAL."""

from __future__ import annotations

from typing import Any, ClassVar


class MallError(Exception):
    """An expected refusal: a front end branches on `kind`; `code` says what exactly happened, `facts` its numbers."""

    kind: ClassVar[str] = "INTERNAL"

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts = facts

    def extensions(self) -> dict[str, Any]:
        """What goes into `extensions` of a GraphQL error."""
        return {"code": self.kind, "reason": self.code, **self.facts}


class NotFound(MallError):
    """There is no such thing, or it is not the viewer's: the two are told apart nowhere."""

    kind = "NOT_FOUND"


class Refused(MallError):
    """The rules of the mall say no."""

    kind = "REFUSED"


class Forbidden(MallError):
    """The viewer's hat does not allow it."""

    kind = "FORBIDDEN"


class Conflict(MallError):
    """Somebody was faster, or the thing has moved on."""

    kind = "CONFLICT"


class Invalid(MallError):
    """The input cannot be right."""

    kind = "BAD_USER_INPUT"


class Unavailable(MallError):
    """A part that is needed does not answer now."""

    kind = "UNAVAILABLE"
