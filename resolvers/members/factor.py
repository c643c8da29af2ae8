"""Answers for second factors, and for those who begin to work for the platform."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kit.keychain import KeyOf
from kit.payload import Payload, UserError
from models.repeating import carry_out
from resolvers.context import Context
from resolvers.members.keys import person_of
from services.members import factor as rules
from services.members import platform
from services.members.factor import CodeRefused, Enrolment
from services.members.platform import ActivationRefused, PasswordTooShort
from services.members.privacy.keys import data_key
from services.members.session import LockedOut

__all__ = ["ActivationRefused", "CodeRefused", "Enrolment", "LockedOut", "PasswordTooShort"]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The codes to keep for when the factor is lost."""

    recovery_codes: list[str]


@dataclass(frozen=True, slots=True)
class Activated:
    """What the app must be told, once, and the codes to keep for when it is lost."""

    factor: Enrolment
    recovery_codes: list[str]


async def enrol(context: Context, *, code: str | None) -> Payload[Enrolment]:
    person_id = person_of(context.viewer)
    key = await data_key(context.tools.keys(), KeyOf(person_id))

    async def begun() -> Payload[Enrolment]:
        if await rules.has_factor(person_id) and not await rules.passes(person_id, code or "", key):
            return Payload(errors=(CodeRefused(),))
        return Payload(await rules.enrol(person_id, person_id, key))

    return await carry_out("members", begun)


async def confirm(context: Context, *, factor_id: str, code: str) -> Payload[Confirmed]:
    key = await data_key(context.tools.keys(), KeyOf(person_of(context.viewer)))
    codes = await carry_out("members", rules.confirm, factor_id, code, key, by=context.viewer)
    return Payload(errors=(codes,)) if isinstance(codes, UserError) else Payload(Confirmed(codes))


async def activate(context: Context, *, login: str, code: str, password: str) -> Payload[Activated]:
    """The password is hashed between two transactions, so that no row is locked while it is."""
    keychain = context.tools.keys()
    hash_keys = await keychain.hash_keys()
    secret = await asyncio.to_thread(platform.hashed, password)
    if isinstance(secret, PasswordTooShort):
        return Payload(errors=(secret,))
    invited = await carry_out(
        "members", platform.begin_activation, login, code, address=context.address, hash_keys=hash_keys
    )
    if isinstance(invited, UserError):
        return Payload(errors=(invited,))
    key = await data_key(keychain, KeyOf(invited))
    done = await carry_out("members", platform.activate, login, code, secret, key)
    if isinstance(done, UserError):
        return Payload(errors=(done,))
    return Payload(Activated(done.enrolment, done.recovery_codes))
