"""Signing in and out."""

from datetime import datetime
from typing import Annotated, Any

from strawberry import federation
from strawberry.types import Info

from kit.hidden import Hidden
from models.acts import Act
from resolvers.context import Context
from resolvers.members import session as answers
from schema import payload
from schema.access import ANYONE, PERSON, shown
from schema.entity import node
from schema.members.account import Member


@node(row=answers.WrongCredentials, says="There is no such phone number and password.")
class WrongCredentials(payload.UserError):
    pass


@node(row=answers.LockedOut, says="Five wrong passwords: nobody signs in with this phone number for a while.")
class LockedOut(payload.UserError):
    until: datetime | None = shown(to=ANYONE, says="When it may be tried again.")


@node(row=answers.SessionUnknown, says="The token belongs to no session, or to one that has ended.")
class SessionUnknown(payload.UserError):
    pass


SignInError = Annotated[
    WrongCredentials | LockedOut, federation.union("SignInError", description="Why nobody was signed in.")
]
SignOutError = Annotated[SessionUnknown, federation.union("SignOutError", description="Why nobody was signed out.")]


@federation.input(description="A phone number and its password.")
class SignInInput:
    phone: str = federation.field(description="11 digits.")
    password: str = federation.field(description="The password.")


@federation.type(description="Who has signed in.")
class SignedIn:
    token: str = shown(to=ANYONE, says="Send it as `Authorization: Bearer TOKEN`.")
    expires_at: datetime = shown(to=ANYONE, says="Until when it holds.")
    member: Member | None = shown(to=ANYONE, by=answers.signed_in_members, says="Who that is.")


@federation.type(description="Who has signed in, or why nobody has.")
class SignInPayload:
    result: SignedIn | None = shown(to=ANYONE, says="Who has signed in.")
    errors: list[SignInError] = shown(to=ANYONE, says="Why nobody has; empty where somebody has.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The end of a session.")
class SignedOut:
    at: datetime = shown(to=ANYONE, says="When it ended.")


@federation.type(description="The end of the session, or why there is none.")
class SignOutPayload:
    result: SignedOut | None = shown(to=ANYONE, says="The end of the session.")
    errors: list[SignOutError] = shown(to=ANYONE, says="Why there is none; empty where there is one.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


async def _sign_in(info: Info[Context, Any], input: SignInInput) -> Any:
    return await answers.sign_in(info.context, phone=Hidden(input.phone), password=input.password)


async def _sign_out(info: Info[Context, Any]) -> Any:
    return await answers.sign_out(info.context)


@federation.type
class Mutation:
    sign_in: SignInPayload | None = shown(
        to=ANYONE,
        resolver=_sign_in,
        audits=Act.SESSION_OPENED,
        says="Sign in (登录). Five wrong passwords lock the phone number for 15 minutes.",
    )
    sign_out: SignOutPayload | None = shown(
        to=PERSON, resolver=_sign_out, audits=Act.SESSION_CLOSED, says="End this token's session (退出登录)."
    )
