"""Second factors: enrolled, confirmed by a first code, asked for at each sign-in; recovery codes in their place."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass

from kit import clock, totp
from kit.hidden import Hidden
from kit.ids import new_id
from kit.jws import encoded
from kit.payload import UserError
from kit.sealing import DataKey, Spot
from kit.viewer import Viewer
from models.acts import Act
from models.members.factor import RecoveryCode, SecondFactor
from models.states import FactorKind
from services.audit import record
from services.members.persons import lock_person

ISSUER = "jishi"
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10


@dataclass(frozen=True, slots=True)
class CodeRefused(UserError):
    code: str = "factor.code"
    message: str = "this is not the code of now, or there is no such second factor to confirm"
    path: tuple[str, ...] | None = ("input", "code")


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded(UserError):
    code: str = "factor.needed"
    message: str = "this account has a second factor: send its code of now, or a recovery code"
    path: tuple[str, ...] | None = ("input", "code")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor to be: what the app must be told, once."""

    id: str
    secret: str
    uri: str


def _spot(person_id: str, factor_id: str) -> Spot:
    return Spot(person_id, "second_factor", "secret_sealed", factor_id)


async def enrol(person_id: str, account: str, key: DataKey, *, confirmed: bool = False) -> Enrolment:
    """Begin a second factor; one that was begun and not confirmed is gone.

    Runs in the caller's transaction. Raises NotFound where the person was erased, or has ended.
    """
    await lock_person(person_id)
    now, factor_id, secret = clock.now(), new_id("fct"), totp.new_secret()
    shown = totp.shown_secret(secret)
    await SecondFactor.filter(member_id=person_id, confirmed_at=None).delete()
    await SecondFactor.create(
        id=factor_id,
        member_id=person_id,
        kind=FactorKind.TOTP,
        secret_sealed=key.seal(Hidden(shown), _spot(person_id, factor_id)),
        counter=0,
        made_at=now,
        confirmed_at=now if confirmed else None,
    )
    return Enrolment(factor_id, shown, totp.uri_of(secret, issuer=ISSUER, account=account))


async def confirm(factor_id: str, code: str, key: DataKey, *, by: Viewer) -> list[str] | CodeRefused:
    """From now on the factor is asked for, in place of what was; fresh recovery codes. Runs in the caller's
    transaction.
    """
    person_id = by.person_id or ""
    begun = SecondFactor.filter(id=factor_id, member_id=person_id, confirmed_at=None)
    factor = await begun.select_for_update().first()
    if factor is None or not await _is_code(factor, code, key):
        return CodeRefused()
    await SecondFactor.filter(member_id=person_id).exclude(id=factor_id).delete()
    await begun.update(confirmed_at=clock.now())
    await record("members", Act.FACTOR_CONFIRMED, viewer=by, object_id=factor_id)
    return await fresh_recovery_codes(person_id)


async def fresh_recovery_codes(person_id: str) -> list[str]:
    """Ten codes; those of before do not work any more. Runs in the caller's transaction."""
    await RecoveryCode.filter(member_id=person_id).delete()
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    await RecoveryCode.bulk_create(
        [RecoveryCode(id=new_id("rcc"), member_id=person_id, code_hash=_hash(code)) for code in codes]
    )
    return codes


async def forget_factors(person_id: str) -> None:
    """No factor and no recovery code of before works any more. Runs in the caller's transaction."""
    await SecondFactor.filter(member_id=person_id).delete()
    await RecoveryCode.filter(member_id=person_id).delete()


async def has_factor(person_id: str) -> bool:
    """Whether a password alone does not sign the person in."""
    return await SecondFactor.filter(member_id=person_id, confirmed_at__not_isnull=True).exists()


async def passes(person_id: str, code: str, key: DataKey) -> bool:
    """Whether this is a code of now or a recovery code; it is used up then. Runs in the caller's transaction."""
    confirmed = SecondFactor.filter(member_id=person_id, confirmed_at__not_isnull=True)
    for factor in await confirmed.select_for_update():
        if await _is_code(factor, code, key):
            return True
    unused = RecoveryCode.filter(member_id=person_id, code_hash=_hash(code), used_at=None)
    if not await unused.update(used_at=clock.now()):
        return False
    await record("members", Act.RECOVERY_CODE_USED, viewer=None, object_id=person_id)
    return True


async def _is_code(factor: SecondFactor, code: str, key: DataKey) -> bool:
    """Whether it is a code of now; it is used up then."""
    if factor.secret_sealed is None:
        return False
    shown = key.open(factor.secret_sealed, _spot(factor.member_id, factor.id)).reveal()
    secret = base64.b32decode(shown)
    step = totp.step_of(code, secret, now=clock.now(), after=factor.counter)
    if step is None:
        return False
    await SecondFactor.filter(id=factor.id, member_id=factor.member_id).update(counter=step)
    return True


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode("ascii").lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _hash(code: str) -> str:
    return encoded(hashlib.sha256(code.strip().lower().encode()).digest())
