"""Second factors, and how somebody begins to work for the platform."""

from typing import Annotated, Any

from strawberry import federation
from strawberry.types import Info

from models.acts import Act
from resolvers.context import Context
from resolvers.members import factor as answers
from schema import payload
from schema.access import ANYONE, PERSON, shown
from schema.entity import node
from schema.members.session import LockedOut
from schema.scalars import ID


@node(row=answers.CodeRefused, says="Not the code of now, or nothing that could be confirmed.")
class CodeRefused(payload.UserError):
    pass


@node(row=answers.ActivationRefused, says="There is no such login and activation code.")
class ActivationRefused(payload.UserError):
    pass


@node(row=answers.PasswordTooShort, says="The password is too short.")
class PasswordTooShort(payload.UserError):
    pass


EnrolError = Annotated[CodeRefused, federation.union("EnrolError", description="Why nothing was begun.")]
ConfirmError = Annotated[CodeRefused, federation.union("ConfirmError", description="Why nothing was confirmed.")]
ActivateError = Annotated[
    ActivationRefused | PasswordTooShort | LockedOut,
    federation.union("ActivateError", description="Why nobody was activated."),
]


@federation.type(description="A second factor (双因素认证) that begins: tell it to an app, which is told once.")
class Enrolment:
    id: ID = shown(to=ANYONE, says="Its id.")
    secret: str = shown(to=ANYONE, says="What the app must know, in base32.")
    uri: str = shown(to=ANYONE, says="The same for a QR code: otpauth://totp/...")


@federation.type(description="A second factor that is asked for from now on.")
class Confirmed:
    recovery_codes: list[str] = shown(to=ANYONE, says="Each signs in once when the factor is lost: to be kept apart.")


@federation.type(description="Somebody who works for the platform now.")
class Activated:
    factor: Enrolment = shown(to=ANYONE, says="The second factor: without its code nobody signs in.")
    recovery_codes: list[str] = shown(to=ANYONE, says="Each signs in once when the factor is lost: to be kept apart.")


@federation.type(description="A second factor that begins, or why none does.")
class EnrolPayload:
    result: Enrolment | None = shown(to=ANYONE, says="The second factor.")
    errors: list[EnrolError] = shown(to=ANYONE, says="Why none does; empty where one does.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="A second factor that is asked for, or why it is not.")
class ConfirmPayload:
    result: Confirmed | None = shown(to=ANYONE, says="What to keep.")
    errors: list[ConfirmError] = shown(to=ANYONE, says="Why it is not; empty where it is.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.type(description="Somebody who works for the platform now, or why nobody does.")
class ActivatePayload:
    result: Activated | None = shown(to=ANYONE, says="What to keep.")
    errors: list[ActivateError] = shown(to=ANYONE, says="Why nobody does; empty where somebody does.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.input(description="That it is really you.")
class EnrolInput:
    code: str | None = federation.field(
        default=None, description="Where you have a second factor: its code of now, or a recovery code."
    )


@federation.input(description="The first code of a second factor.")
class ConfirmInput:
    factor_id: ID = federation.field(description="The factor's id.")
    code: str = federation.field(description="Six digits that the app shows now.")


@federation.input(description="What a security administrator handed over, and a password of one's own.")
class ActivateInput:
    login: str = federation.field(description="The login.")
    activation_code: str = federation.field(description="The activation code, which works for a day.")
    password: str = federation.field(description="12 characters or more.")


async def _enrol(info: Info[Context, Any], input: EnrolInput) -> Any:
    return await answers.enrol(info.context, code=input.code)


async def _confirm(info: Info[Context, Any], input: ConfirmInput) -> Any:
    return await answers.confirm(info.context, factor_id=input.factor_id, code=input.code)


async def _activate(info: Info[Context, Any], input: ActivateInput) -> Any:
    return await answers.activate(info.context, login=input.login, code=input.activation_code, password=input.password)


@federation.type
class Mutation:
    enrol_second_factor: EnrolPayload | None = shown(
        to=PERSON, resolver=_enrol, says="Begin a second factor (双因素认证); it is asked for once it is confirmed."
    )
    confirm_second_factor: ConfirmPayload | None = shown(
        to=PERSON,
        resolver=_confirm,
        audits=Act.FACTOR_CONFIRMED,
        says="Show that the app knows the second factor: from now on its codes are asked for at each sign-in.",
    )
    activate_platform_staff: ActivatePayload | None = shown(
        to=ANYONE,
        resolver=_activate,
        audits=Act.STAFF_ACTIVATED,
        says="Begin to work for the platform: choose a password, and be told the second factor.",
    )
