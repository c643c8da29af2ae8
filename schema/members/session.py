"""Sessions: signing in, staying signed in, seeing where one is, and ending it."""

from datetime import datetime
from typing import Annotated, Any

from strawberry import federation
from strawberry.types import Info

from kit.hidden import Hidden
from models.acts import Act
from resolvers.context import Context
from resolvers.members import session as answers
from schema import payload
from schema.access import ANYONE, PERSON, SELF, shown
from schema.entity import node, private
from schema.members.account import Member
from schema.scalars import ID, Connection


@node(row=answers.WrongCredentials, says="There is no such phone number and password.")
class WrongCredentials(payload.UserError):
    pass


@node(
    row=answers.LockedOut,
    says="Too many tries from here, or with this number, whether it is anybody's or not: wait for a while.",
)
class LockedOut(payload.UserError):
    until: datetime | None = shown(to=ANYONE, says="When it may be tried again.")


@node(row=answers.SessionUnknown, says="The token belongs to no session, or to one that has ended.")
class SessionUnknown(payload.UserError):
    pass


@node(row=answers.RefreshRefused, says="The refresh token is none, was used before, or its session has ended.")
class RefreshRefused(payload.UserError):
    pass


@node(row=answers.SecondFactorNeeded, says="The password is right, and the account has a second factor.")
class SecondFactorNeeded(payload.UserError):
    pass


SignInToPlatformError = Annotated[
    WrongCredentials | LockedOut, federation.union("SignInToPlatformError", description="Why nobody was signed in.")
]
SignInError = Annotated[
    WrongCredentials | LockedOut | SecondFactorNeeded,
    federation.union("SignInError", description="Why nobody was signed in."),
]
RefreshError = Annotated[RefreshRefused, federation.union("RefreshError", description="Why there is no other token.")]
EndSessionError = Annotated[SessionUnknown, federation.union("EndSessionError", description="Why nothing was ended.")]


@private(to=SELF, says="A device on which a person is signed in (登录设备).")
class Session:
    id: ID = shown(to=ANYONE, says="Its id.")
    device: str = shown(to=ANYONE, says="What its person calls it; empty where they call it nothing.")
    created_at: datetime = shown(to=ANYONE, says="Since when it is signed in.")
    refreshed_at: datetime | None = shown(to=ANYONE, says="When it last asked to stay so.")
    expires_at: datetime = shown(to=ANYONE, says="When it ends by itself.")
    is_this: bool = shown(to=ANYONE, by=answers.are_this, says="Whether you ask from it.")


@federation.input(description="A phone number and its password.")
class SignInInput:
    phone: str = federation.field(description="11 digits.")
    password: str = federation.field(description="The password.")
    code: str | None = federation.field(
        default=None, description="Where the account has a second factor: its code of now, or a recovery code."
    )
    device: str = federation.field(default="", description="What you call this device, in up to 40 characters.")


@federation.input(description="A login of somebody who works for the platform.")
class SignInToPlatformInput:
    login: str = federation.field(description="The login.")
    password: str = federation.field(description="The password.")
    code: str = federation.field(description="The code of now of the second factor, or a recovery code.")
    device: str = federation.field(default="", description="What you call this device, in up to 40 characters.")


@federation.input(description="What keeps a session going.")
class RefreshInput:
    refresh_token: str = federation.field(description="The refresh token that came last.")


@federation.type(description="Who has signed in.")
class SignedIn:
    token: str = shown(to=ANYONE, says="Send it as `Authorization: Bearer TOKEN`.")
    expires_at: datetime = shown(to=ANYONE, says="Until when it holds.")
    refresh_token: str = shown(
        to=ANYONE, says="Gets the next token, once (`refreshSession`). Keep it where no page can read it."
    )
    refresh_expires_at: datetime = shown(to=ANYONE, says="When the session ends.")
    member: Member | None = shown(
        to=ANYONE, by=answers.signed_in_members, says="Who that is; null for the platform's staff."
    )


@federation.type(description="Who has signed in, or why nobody has.")
class SignInPayload:
    result: SignedIn | None = shown(to=ANYONE, says="Who has signed in.")
    errors: list[SignInError] = shown(to=ANYONE, says="Why nobody has; empty where somebody has.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="Who has signed in to the platform, or why nobody has.")
class SignInToPlatformPayload:
    result: SignedIn | None = shown(to=ANYONE, says="Who has signed in.")
    errors: list[SignInToPlatformError] = shown(to=ANYONE, says="Why nobody has; empty where somebody has.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="Who stays signed in, or why nobody does.")
class RefreshPayload:
    result: SignedIn | None = shown(to=ANYONE, says="Who stays signed in.")
    errors: list[RefreshError] = shown(to=ANYONE, says="Why nobody does; empty where somebody does.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The end of a session.")
class SignedOut:
    at: datetime = shown(to=ANYONE, says="When it ended.")


@federation.type(description="The end of the session, or why there is none.")
class SignOutPayload:
    result: SignedOut | None = shown(to=ANYONE, says="The end.")
    errors: list[EndSessionError] = shown(to=ANYONE, says="Why there is none; empty where there is one.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The end of one of your sessions, or why there is none.")
class EndSessionPayload:
    result: SignedOut | None = shown(to=ANYONE, says="The end.")
    errors: list[EndSessionError] = shown(to=ANYONE, says="Why there is none; empty where there is one.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="The end of all of your sessions, or why there is none.")
class EndAllSessionsPayload:
    result: SignedOut | None = shown(to=ANYONE, says="The end.")
    errors: list[EndSessionError] = shown(to=ANYONE, says="Why there is none; empty where there is one.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


async def _sign_in(info: Info[Context, Any], input: SignInInput) -> Any:
    return await answers.sign_in(
        info.context, phone=Hidden(input.phone), password=input.password, code=input.code, device=input.device[:40]
    )


async def _sign_in_to_platform(info: Info[Context, Any], input: SignInToPlatformInput) -> Any:
    return await answers.sign_in_to_platform(
        info.context, login=input.login, password=input.password, code=input.code, device=input.device[:40]
    )


async def _refresh(info: Info[Context, Any], input: RefreshInput) -> Any:
    return await answers.refresh(info.context, token=Hidden(input.refresh_token))


async def _sign_out(info: Info[Context, Any]) -> Any:
    return await answers.sign_out(info.context)


async def _end_session(info: Info[Context, Any], id: ID) -> Any:
    return await answers.end_session(info.context, session_id=id)


async def _end_all_sessions(info: Info[Context, Any]) -> Any:
    return await answers.end_all_sessions(info.context)


@federation.type
class Query:
    sessions: Connection[Session] | None = shown(
        to=PERSON, by=answers.my_sessions, says="Where you are signed in (登录设备), the newest first."
    )


@federation.type
class Mutation:
    sign_in: SignInPayload | None = shown(
        to=ANYONE,
        resolver=_sign_in,
        audits=Act.SESSION_OPENED,
        says="Sign in (登录). Five wrong passwords from one place shut that place out for 15 minutes, and no other.",
    )
    sign_in_to_platform: SignInToPlatformPayload | None = shown(
        to=ANYONE,
        resolver=_sign_in_to_platform,
        audits=Act.SESSION_OPENED,
        says="Sign in as somebody who works for the platform, for 12 hours: by password and second factor.",
    )
    refresh_session: RefreshPayload | None = shown(
        to=ANYONE,
        resolver=_refresh,
        says="The next token of a session. A refresh token that comes twice ends its session, within five seconds.",
    )
    sign_out: SignOutPayload | None = shown(
        to=PERSON, resolver=_sign_out, audits=Act.SESSION_CLOSED, says="End this token's session (退出登录)."
    )
    end_session: EndSessionPayload | None = shown(
        to=PERSON, resolver=_end_session, audits=Act.SESSION_CLOSED, says="End one of your sessions (下线设备)."
    )
    end_all_sessions: EndAllSessionsPayload | None = shown(
        to=PERSON,
        resolver=_end_all_sessions,
        audits=Act.SESSIONS_CLOSED,
        says="End all of your sessions, this one too: every token of yours is called back.",
    )
