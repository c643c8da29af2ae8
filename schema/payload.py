"""What every mutation's payload is made of."""

from strawberry import federation

from kit import payload
from schema.access import ANYONE, shown
from schema.entity import node

__all__ = ["UserError", "UserWarning"]


@federation.interface(description="A refusal that the user can do something about: branch on its type.")
class UserError:
    code: str = shown(to=ANYONE, says="What exactly happened, such as offer.empty.")
    message: str = shown(to=ANYONE, says="A sentence for the developer.")
    path: list[str] | None = shown(to=ANYONE, says="Which argument it is about; null where it is about none.")


@node(row=payload.UserWarning, says="What went through, but not quite as asked for.", shareable=True)
class UserWarning:
    code: str = shown(to=ANYONE, says="What exactly happened.")
    message: str = shown(to=ANYONE, says="A sentence for the developer.")
    path: list[str] | None = shown(to=ANYONE, says="Which argument it is about; null where it is about none.")
