"""The people whom the demo knows by name: who they are, and how they sign in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher

from jobs.seed.dice import Dice
from jobs.seed.plans import MemberPlan, StaffPlan
from kit.sealing import keyed_hash
from models.states import PlatformRole

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
    """One of them, with the claims of a token for them."""

    name: str
    title: str
    viewer: Mapping[str, Any]
    phone: str | None = None
    password: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As `personas.json` has it."""
        return {
            "name": self.name,
            "title": self.title,
            "viewer": dict(self.viewer),
            "phone": self.phone,
            "password": self.password,
        }


def personas_of(members: Sequence[MemberPlan], staff: Sequence[StaffPlan], phones: Mapping[str, str]) -> list[Persona]:
    """The seven personas; `phones` knows each member persona's number."""
    found = []
    for member in members:
        if member.persona:
            shops = {person.shop.id: person.role.value for person in staff if person.member is member}
            viewer = _viewer(member_id=member.id, shops=shops)
            phone = phones[member.persona]
            found.append(Persona(member.persona, _TITLES[member.persona], viewer, phone, PASSWORD))
    operator = _viewer(platform_role=PlatformRole.OPERATOR.value)
    found.append(Persona("operator", _TITLES["operator"], operator))
    found.append(Persona("partner", _TITLES["partner"], _viewer(partner=PARTNER)))
    return found


def _viewer(**hats: Any) -> dict[str, Any]:
    return {"member_id": None, "shops": {}, "platform_role": None, "partner": None, **hats}


@cache
def _secret(salt: bytes) -> str:
    """The password, hashed as in production; once, for it is the same for all and takes its time."""
    return PasswordHasher().hash(PASSWORD, salt=salt)


def credential_row(member: MemberPlan, phone: str, key: bytes, seed: int, dice: Dice) -> dict[str, Any]:
    """A row of `Credential`."""
    return {
        "id": dice.id("crd", member.joined_at),
        "member_id": member.id,
        "login_hash": keyed_hash(phone, key=key),
        "secret": _secret(Dice(seed, "salt").randbytes(16)),
        "failures": 0,
        "locked_until": None,
    }


def platform_staff_rows(dice: Dice, at: datetime) -> Iterator[dict[str, Any]]:
    """Rows of `PlatformStaff`."""
    for name, role in _PLATFORM_STAFF:
        yield {"id": dice.id("pst", at), "name": name, "role": role, "since": at}
