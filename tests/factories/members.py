"""Rows of members with sensible values, for tests that care about a few of them."""

from __future__ import annotations

import base64
from typing import Any

from argon2 import PasswordHasher

from kit import clock, totp
from kit.hidden import Hidden
from kit.sealing import Spot
from models.members.account import Address, Level, Member, Membership, Viewing
from models.members.factor import SecondFactor
from models.members.privacy import Consent, Export
from models.members.session import Credential, Session
from models.members.staff import PlatformStaff
from models.states import FactorKind, PlatformRole
from services.members.session import LOGIN
from tests.factories import keys
from tests.factories.ids import fresh
from tests.support.moments import DAY, HOUR, NOON

PHONE = "13812345678"
PASSWORD = "集市-2026"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""Of the app of RFC 6238, appendix B."""

_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def member(*, phone: str = PHONE, **columns: Any) -> Member:
    id_ = columns.pop("id", fresh("mbr"))
    defaults = {
        "nickname": "小林",
        "avatar": "https://img.example/lin.jpg",
        "phone_sealed": await keys.sealed(phone, Spot(id_, "member", "phone_sealed", id_)),
        "joined_at": NOON - 100 * DAY,
    }
    return await Member.create(id=id_, **defaults | columns)


async def credential(member_id: str, *, phone: str = PHONE, password: str = PASSWORD, **columns: Any) -> Credential:
    """A password, hashed with as little work as argon2id allows: its hash says how to check it."""
    defaults = {
        "id": fresh("crd"),
        "login_hash": (await keys.hash_key()).hash(Hidden(phone), purpose=LOGIN),
        "secret": _QUICK.hash(password),
    }
    return await Credential.create(member_id=member_id, **defaults | columns)


async def second_factor(person_id: str, *, secret: str = SECRET, **columns: Any) -> SecondFactor:
    """An app that shows codes, confirmed an hour ago."""
    id_ = columns.pop("id", fresh("fct"))
    defaults = {
        "kind": FactorKind.TOTP,
        "secret_sealed": await keys.sealed(secret, Spot(person_id, "second_factor", "secret_sealed", id_)),
        "counter": 0,
        "made_at": NOON - HOUR,
        "confirmed_at": NOON - HOUR,
    }
    return await SecondFactor.create(id=id_, member_id=person_id, **defaults | columns)


def code_now(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows, `later` half minutes from now."""
    return totp.code_of(base64.b32decode(secret), totp.step_at(clock.now()) + later)


async def platform_staff(**columns: Any) -> PlatformStaff:
    """Somebody active, whose password is PASSWORD, with a second factor."""
    id_ = columns.pop("id", fresh("pst"))
    defaults = {
        "name_sealed": await keys.sealed("沈岳", Spot(id_, "platform_staff", "name_sealed", id_)),
        "role": PlatformRole.SECURITY,
        "since": NOON - DAY,
        "person": id_,
        "login": id_.removeprefix("pst_"),
        "secret": _QUICK.hash(PASSWORD),
    }
    made = await PlatformStaff.create(id=id_, **defaults | columns)
    await second_factor(id_)
    return made


async def session(member_id: str, **columns: Any) -> Session:
    defaults = {"id": fresh("ses"), "created_at": NOON, "refreshed_at": NOON, "expires_at": NOON + DAY}
    return await Session.create(member_id=member_id, **defaults | columns)


async def membership(member_id: str, *, shop_id: str | None = None, percent: int = 95, **columns: Any) -> Membership:
    """A standing, with a level of its own, on the platform or in a shop."""
    level = await Level.create(id=fresh("lvl"), shop_id=shop_id, name="银卡", rank=2, percent=percent, threshold=1_000)
    defaults = {"id": fresh("mem"), "points": 1_200, "since": NOON - 10 * DAY}
    return await Membership.create(member_id=member_id, shop_id=shop_id, level_id=level.id, **defaults | columns)


async def address(member_id: str, **columns: Any) -> Address:
    id_ = columns.pop("id", fresh("adr"))
    key = await keys.person(member_id)

    def sealed(column: str, text: str) -> str:
        return key.seal(Hidden(text), Spot(member_id, "address", column, id_))

    defaults = {
        "label": "家",
        "city": "上海",
        "district": "静安区",
        "street_sealed": sealed("street_sealed", "南京西路 1266 号 3 楼"),
        "receiver_sealed": sealed("receiver_sealed", "林晓"),
        "phone_sealed": sealed("phone_sealed", PHONE),
        "place_sealed": sealed("place_sealed", "31230400,121473700"),
        "is_default": True,
    }
    return await Address.create(id=id_, member_id=member_id, **defaults | columns)


async def viewing(member_id: str, product_id: str, **columns: Any) -> Viewing:
    defaults = {"id": fresh("vwg"), "at": NOON - DAY}
    return await Viewing.create(member_id=member_id, product_id=product_id, **defaults | columns)


async def consent(member_id: str, **columns: Any) -> Consent:
    defaults = {"id": fresh("cns"), "purpose": "MARKETING", "version": 1, "given_at": NOON - DAY}
    return await Consent.create(member_id=member_id, **defaults | columns)


async def export(member_id: str, **columns: Any) -> Export:
    """A copy that was asked for a while ago, and taken."""
    at = NOON - 10 * DAY
    defaults = {"id": fresh("exp"), "asked_at": at, "ready_at": at, "taken_at": at}
    return await Export.create(member_id=member_id, **defaults | columns)
