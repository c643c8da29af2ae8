"""Who is asking, and under which hat: a person is a member, may work in shops and for the platform, and wears one hat
in each request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from kit.errors import Forbidden


class Hat(StrEnum):
    """As what somebody asks."""

    GUEST = "guest"
    MEMBER = "member"
    SHOP = "shop"
    PLATFORM = "platform"
    PARTNER = "partner"
    SUPPLIER = "supplier"
    SERVICE = "service"


_OF_PERSONS = frozenset({Hat.MEMBER, Hat.SHOP, Hat.PLATFORM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who is asking, under one hat. `GUEST` is nobody in particular."""

    hat: Hat = Hat.GUEST
    subject: str | None = None
    """Who it is: a member's id under the hats of persons, a partner, a supplier, or the port that a service asks."""
    shop_id: str | None = None
    """The shop whose hat it is; None under every other hat."""
    role: str | None = None
    """What the hat lets one do: a StaffRole in a shop, a PlatformRole on the platform (`models.states`)."""
    session_id: str | None = None
    """The session that the token was signed for; None where it is nobody's device."""
    issued_at: float = field(default=0.0, compare=False)
    """When the token was signed, in seconds since 1970."""

    @classmethod
    def member(cls, member_id: str, session_id: str | None = None) -> Viewer:
        """A person who buys."""
        return cls(hat=Hat.MEMBER, subject=member_id, session_id=session_id)

    @classmethod
    def shop_staff(cls, person_id: str, shop_id: str, role: str, session_id: str | None = None) -> Viewer:
        """A person at work in one shop; who is hired by several wears one hat at a time."""
        return cls(hat=Hat.SHOP, subject=person_id, shop_id=shop_id, role=role, session_id=session_id)

    @classmethod
    def platform_staff(cls, person_id: str, role: str, session_id: str | None = None) -> Viewer:
        """A person at work for the platform."""
        return cls(hat=Hat.PLATFORM, subject=person_id, role=role, session_id=session_id)

    @classmethod
    def partner(cls, partner_id: str) -> Viewer:
        """Another company's system: it runs registered operations only."""
        return cls(hat=Hat.PARTNER, subject=partner_id)

    @classmethod
    def supplier(cls, supplier_id: str) -> Viewer:
        """A company that supplies shops."""
        return cls(hat=Hat.SUPPLIER, subject=supplier_id)

    @classmethod
    def service(cls, port: str) -> Viewer:
        """A process of ours that asks another one through `port`, and may read what that port needs."""
        return cls(hat=Hat.SERVICE, subject=port, role=port)

    @property
    def member_id(self) -> str | None:
        """The member whose own things are asked for; None under every other hat."""
        return self.subject if self.hat is Hat.MEMBER else None

    @property
    def person_id(self) -> str | None:
        """The person who acts, under whichever hat; None where it is no person."""
        return self.subject if self.hat in _OF_PERSONS else None

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes that `@requiresScopes` speaks of: the hat's, and that of the role under it."""
        return _scopes(self.hat, self.role)

    @property
    def is_guest(self) -> bool:
        return self.hat is Hat.GUEST


@cache
def _scopes(hat: Hat, role: str | None) -> frozenset[str]:
    if hat is Hat.GUEST:
        return frozenset()
    return frozenset((hat.value, f"{hat.value}:{role.lower()}") if role else (hat.value,))


GUEST = Viewer()


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token names, with every hat that they may wear, by what the header `Jishi-Hat` calls it."""

    hats: Mapping[str, Viewer]

    @classmethod
    def of(cls, *viewers: Viewer) -> Bearer:
        """The bearer who may be any of `viewers`, all the same subject's."""
        return cls({name_of(viewer): viewer for viewer in viewers})

    def wearing(self, choice: str | None) -> Viewer:
        """The viewer under the hat `choice`; by default the only hat, else that of a member. Raises Forbidden."""
        if choice is None:
            return self.hats.get(Hat.MEMBER) or next(iter(self.hats.values()))
        viewer = self.hats.get(choice)
        if viewer is None:
            raise Forbidden("hat.unknown", "Jishi-Hat must be a hat that your token has")
        return viewer


def name_of(viewer: Viewer) -> str:
    """What the header `Jishi-Hat` calls the viewer's hat: `member`, `shop:<id>`, `platform`, `partner`, `supplier`."""
    return f"{viewer.hat.value}:{viewer.shop_id}" if viewer.shop_id else viewer.hat.value
