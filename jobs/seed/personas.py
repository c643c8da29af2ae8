"""The people whom the demo knows by name: who they are, and how they sign in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from argon2 import PasswordHasher

from jobs.seed.dice import Dice
from jobs.seed.keys import Keys
from jobs.seed.plans import MemberPlan, StaffPlan
from kit.hidden import Hidden
from kit.sealing import HashKey
from kit.viewer import Viewer
from models.states import PlatformRole
from services.members.session import LOGIN

PASSWORD = "jishi-demo-2026"
"""Of every persona."""
PARTNER = "supplier-demo"
_TITLES = {
    "buyer": "active buyer, loves mother-and-baby, gold member of two shops (活跃买家)",
    "dormant": "buyer who has not come for half a year (沉睡买家)",
    "owner-a": "owner of shop A (店主 A)",
    "clerk-a": "clerk of shop A (店员 A)",
    "owner-b": "owner of shop B (店主 B)",
    "operator": "operator of the platform (平台运营)",
    "partner": "supplier's system (合作伙伴)",
}


_PLATFORM_STAFF = (
    ("陈晨", PlatformRole.OPERATOR),
    ("顾宁", PlatformRole.AUDITOR),
    ("沈岳", PlatformRole.SECURITY),
)


@dataclass(frozen=True, slots=True)
class Persona:
    """One of them, with the hats that their token has."""

    name: str
    title: str
    hats: tuple[Viewer, ...]
    """The first is the one to try the mall under."""
    phone: str | None = None
    password: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As `personas.json` has it."""
        return {
            "name": self.name,
            "title": self.title,
            "hats": msgspec.to_builtins(self.hats),
            "phone": self.phone,
            "password": self.password,
        }


def personas_of(members: Sequence[MemberPlan], staff: Sequence[StaffPlan], phones: Mapping[str, str]) -> list[Persona]:
    """The seven personas; `phones` knows each member persona's number."""
    found = []
    for member in members:
        if member.persona:
            jobs = (job for job in staff if job.member is member)
            at_work = (Viewer.shop_staff(member.id, job.shop.id, job.role.value) for job in jobs)
            hats = (*at_work, Viewer.member(member.id))
            phone = phones[member.persona]
            found.append(Persona(member.persona, _TITLES[member.persona], hats, phone, PASSWORD))
    operator = Viewer.platform_staff("operator-demo", PlatformRole.OPERATOR.value)
    found.append(Persona("operator", _TITLES["operator"], (operator,)))
    found.append(Persona("partner", _TITLES["partner"], (Viewer.partner(PARTNER),)))
    return found


@cache
def _secret(salt: bytes) -> str:
    """The password, hashed as in production; once, for it is the same for all and takes its time."""
    return PasswordHasher().hash(PASSWORD, salt=salt)


def credential_row(member: MemberPlan, phone: str, key: HashKey, seed: int, dice: Dice) -> dict[str, Any]:
    """A row of `Credential`."""
    return {
        "id": dice.id("crd", member.joined_at),
        "member_id": member.id,
        "login_hash": key.hash(Hidden(phone), purpose=LOGIN),
        "secret": _secret(Dice(seed, "salt").randbytes(16)),
        "failures": 0,
        "locked_until": None,
    }


def platform_staff_rows(keys: Keys, dice: Dice, at: datetime) -> Iterator[dict[str, Any]]:
    """Rows of `PlatformStaff`."""
    for name, role in _PLATFORM_STAFF:
        id_ = dice.id("pst", at)
        sealed = keys.person(id_).seal(name, "platform_staff", "name_sealed", id_)
        yield {"id": id_, "name_sealed": sealed, "role": role, "since": at}
