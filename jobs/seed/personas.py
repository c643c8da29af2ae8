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
from models.states import PlatformRole, StaffRole
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
    "partner": "supplier's system (合作伙伴)",
    "supplier": "supplier (供应商)",
}
_HELPERS = {
    StaffRole.MANAGER: ("manager-a", "manager of shop A (店长)"),
    StaffRole.FINANCE: ("finance-a", "finance of shop A (财务)"),
    StaffRole.REDEEMER: ("redeemer-a", "redeemer of shop A (核销员)"),
    StaffRole.HOST: ("host-a", "live host of shop A (主播)"),
    StaffRole.OPERATOR: ("hired", "operator hired by shops A and B (代运营)"),
}
_OF_PLATFORM = {
    PlatformRole.OPERATOR: "operator of the platform (平台运营)",
    PlatformRole.REVIEWER: "reviewer of the platform (审核)",
    PlatformRole.FINANCE: "finance of the platform (平台财务)",
    PlatformRole.RISK: "risk control of the platform (风控)",
    PlatformRole.AUDITOR: "auditor of the platform (审计管理员)",
    PlatformRole.SECURITY: "security administrator of the platform (安全管理员)",
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


def personas_of(
    members: Sequence[MemberPlan],
    staff: Sequence[StaffPlan],
    helpers: Sequence[StaffPlan],
    phones: Mapping[str, str],
) -> list[Persona]:
    """Somebody under every hat but a service's; `phones` knows the number of each member persona, who can sign in."""
    found = []
    for member in members:
        if member.persona:
            hats = (*_at_work(member, staff), Viewer.member(member.id))
            phone = phones[member.persona]
            found.append(Persona(member.persona, _TITLES[member.persona], hats, phone, PASSWORD))
    for role, (name, title) in _HELPERS.items():
        member = next(job.member for job in helpers if job.role is role)
        found.append(Persona(name, title, (*_at_work(member, helpers), Viewer.member(member.id))))
    for post, title in _OF_PLATFORM.items():
        name = post.value.lower()
        found.append(Persona(name, title, (Viewer.platform_staff(f"{name}-demo", post.value),)))
    found.append(Persona("partner", _TITLES["partner"], (Viewer.partner(PARTNER),)))
    found.append(Persona("supplier", _TITLES["supplier"], (Viewer.supplier(PARTNER),)))
    return found


def _at_work(member: MemberPlan, staff: Sequence[StaffPlan]) -> Iterator[Viewer]:
    jobs = (job for job in staff if job.member is member)
    return (Viewer.shop_staff(member.id, job.shop.id, job.role.value) for job in jobs)


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
    }


def platform_staff_rows(keys: Keys, dice: Dice, at: datetime) -> Iterator[dict[str, Any]]:
    """Rows of `PlatformStaff`."""
    for name, role in _PLATFORM_STAFF:
        id_ = dice.id("pst", at)
        sealed = keys.person(id_).seal(name, "platform_staff", "name_sealed", id_)
        nobody_yet = dict.fromkeys(("person", "login", "secret", "activation_hash", "activation_until", "added_by"))
        yield {"id": id_, "name_sealed": sealed, "role": role, "since": at, "ended_at": None, **nobody_yet}
