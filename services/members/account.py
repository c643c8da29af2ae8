"""The account: how others see a member, what their levels make of a price, and what they looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit import clock
from kit.ids import new_id, prefix_of
from kit.money import Money
from kit.payload import UserError
from kit.text import is_short_text
from models.members.account import Member, Viewing
from models.members.rows import MembershipRow
from services.events import ProductViewed, fact_id, publish
from services.members.persons import lock_member

NICKNAME_CAP = 20
AVATAR_CAP = 200
"""Characters of a picture's address, the width of the column."""


@dataclass(frozen=True, slots=True)
class NicknameRefused(UserError):
    code: str = "profile.nickname"
    message: str = f"a nickname has from 1 to {NICKNAME_CAP} characters, none of them at its ends blank"
    path: tuple[str, ...] | None = ("input", "nickname")


@dataclass(frozen=True, slots=True)
class AvatarRefused(UserError):
    code: str = "profile.avatar"
    message: str = f"an avatar is an https address of at most {AVATAR_CAP} characters"
    path: tuple[str, ...] | None = ("input", "avatar")


@dataclass(frozen=True, slots=True)
class ProductUnknown(UserError):
    code: str = "product.unknown"
    message: str = "there is no such product"
    path: tuple[str, ...] | None = ("input", "productId")


def profile_refusals(nickname: str | None, avatar: str | None) -> Iterator[UserError]:
    """Every reason why a profile cannot be so; None is what stays as it is."""
    if nickname is not None and not is_short_text(nickname, NICKNAME_CAP):
        yield NicknameRefused()
    if avatar is not None and not (avatar.startswith("https://") and len(avatar) <= AVATAR_CAP and avatar.isascii()):
        yield AvatarRefused()


async def change_profile(nickname: str | None, avatar: str | None, *, member_id: str) -> None:
    """Let others see the member so from now on. Runs in the caller's transaction. Raises NotFound."""
    await lock_member(member_id)
    changed = {"nickname": nickname, "avatar": avatar}
    if given := {name: value for name, value in changed.items() if value is not None}:
        await Member.filter(id=member_id).update(**given)


async def record_viewing(product_id: str, *, member_id: str) -> Viewing | ProductUnknown:
    """Remember that the member looked at the product, and tell. Runs in the caller's transaction. Raises NotFound."""
    if prefix_of(product_id) != "prd":
        return ProductUnknown()
    await lock_member(member_id)
    now = clock.now()
    viewing = await Viewing.create(id=new_id("vwg"), member_id=member_id, product_id=product_id, at=now)
    await publish("members", ProductViewed(fact_id(), member_id, product_id, now))
    return viewing


def member_price(price: Money, shop_id: str | None, memberships: Iterable[MembershipRow]) -> Money | None:
    """What a member pays of `price` in the shop: the better of their level there and on the platform.

    None where that is no less than the price.
    """
    percents = [held.level.percent for held in memberships if held.shop_id is None or held.shop_id == shop_id]
    best = min((price.percent(percent) for percent in percents), default=price)
    return best if best < price else None
