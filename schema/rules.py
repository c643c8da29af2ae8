"""Who may read what, in rules: each is a list of ways in, joined by `|`; what all of two rules ask for by `&`.

A way asks for scopes, which the viewer's token grants and the gateway knows, and for rows of one's own, which only the
subgraph can judge. A rule is printed into the SDL as `@authenticated` or `@requiresScopes`, so that a gateway cuts what
can never be read before it plans; on the row it is judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from kit.errors import Forbidden
from kit.viewer import Hat, Viewer
from models.states import PlatformRole, StaffRole


@dataclass(frozen=True, slots=True)
class Own:
    """In which sense a row is the viewer's own."""

    name: str
    holds: Callable[[Viewer, Any], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, for viewers with all of `scopes`, to rows that are their own in each sense of `own`."""

    says: str
    scopes: frozenset[str] = frozenset()
    own: tuple[Own, ...] = ()
    signed_in: bool = False
    """Whether a guest is kept out, whatever the scopes."""

    def is_open_to(self, viewer: Viewer) -> bool:
        """Whether the viewer could go this way at all."""
        return self.scopes <= viewer.scopes and not (self.signed_in and viewer.is_guest)

    def and_(self, other: Way) -> Way:
        """What asks for both."""
        says = (
            self.says if self.says == other.says else " and ".join(one.says for one in (self, other) if one.is_asking)
        )
        own = tuple(dict.fromkeys((*self.own, *other.own)))
        return Way(says or self.says, self.scopes | other.scopes, own, self.signed_in or other.signed_in)

    @property
    def is_asking(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.scopes or self.own or self.signed_in)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may read a field, or have a type's rows. No way at all lets nobody in."""

    ways: tuple[Way, ...]

    @property
    def name(self) -> str:
        """In words, for tables and descriptions."""
        return "; ".join(dict.fromkeys(way.says for way in self.ways)) or "nobody"

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in, guests too."""
        return any(not way.is_asking for way in self.ways)

    @property
    def hats(self) -> Rule:
        """The same without the row: for root fields, which have none. What they find is judged by its type's rule."""
        return Rule(tuple(dict.fromkeys(Way(way.says, way.scopes, (), way.signed_in) for way in self.ways)))

    def __or__(self, other: Rule) -> Rule:
        return Rule(tuple(dict.fromkeys((*self.ways, *other.ways))))

    def __and__(self, other: Rule) -> Rule:
        return Rule(tuple(dict.fromkeys(one.and_(two) for one, two in product(self.ways, other.ways))))

    def allows(self, viewer: Viewer, row: Any) -> bool:
        """Whether the viewer may read it of this row."""
        return _passes([way for way in self.ways if way.is_open_to(viewer)], viewer, row)

    def refusals(self, viewer: Viewer, rows: Sequence[Any], what: str) -> list[Exception | None]:
        """Why `what` of each row is kept from the viewer; None where it is not. A rule that fails lets nobody pass."""
        if not rows:
            return []
        ways = [way for way in self.ways if way.is_open_to(viewer)]
        if any(not way.own for way in ways):
            return [None] * len(rows)
        return [_refusal(ways, viewer, row, what) for row in rows]

    def told(self, says: str) -> str:
        """A description, with whom the thing is for where that is not everybody."""
        return says if self.is_open else f"{says} For {self.name}."

    def federated(self) -> dict[str, Any]:
        """The directives that print it, as strawberry's keywords."""
        if self.is_open:
            return {}
        if any(way.signed_in and not way.scopes for way in self.ways):
            return {"authenticated": True}
        return {"requires_scopes": [list(one) for one in sorted({tuple(sorted(way.scopes)) for way in self.ways})]}


def _refusal(ways: Sequence[Way], viewer: Viewer, row: Any, what: str) -> Exception | None:
    try:
        return None if _passes(ways, viewer, row) else closed(what)
    except Exception as error:
        return error


def _passes(ways: Sequence[Way], viewer: Viewer, row: Any) -> bool:
    """Whether one of the ways lets the viewer in. As loops, a third of the time of `any` and `all`: it is asked for
    every row and field.
    """
    for way in ways:
        for own in way.own:
            if not own.holds(viewer, row):
                break
        else:
            return True
    return False


def closed(what: str) -> Forbidden:
    """What is said of whatever is kept from the viewer."""
    return Forbidden("field.closed", f"{what} is not open to you")


_OWN_MEMBER = Own("member", lambda viewer, row: viewer.member_id is not None and viewer.member_id == row.member_id)
_OWN_SHOP = Own("shop", lambda viewer, row: viewer.shop_id is not None and viewer.shop_id == row.shop_id)


_OWN_PERSON = Own("person", lambda viewer, row: viewer.person_id is not None and viewer.person_id == row.member_id)
_HATS_OF_PERSONS = (Hat.MEMBER, Hat.SHOP, Hat.PLATFORM)

ANYONE = Rule((Way("anyone"),))
SIGNED_IN = Rule((Way("whoever is signed in", signed_in=True),))
"""Whoever has signed in, under whatever hat."""
PERSON = Rule(tuple(Way("persons", frozenset({hat.value})) for hat in _HATS_OF_PERSONS))
"""Whoever has signed in, under whatever hat of a person."""
SELF = Rule(tuple(Way("the person whose it is", frozenset({hat.value}), (_OWN_PERSON,)) for hat in _HATS_OF_PERSONS))
"""The person whose row it is, under whatever hat."""
MEMBER = Rule((Way("members", frozenset({"member"})),))
OWNER_OF_IT = Rule((Way("the member whose it is", frozenset({"member"}), (_OWN_MEMBER,)),))
"""The member whose row it is."""
SELLER = Rule((Way("staff of its shop", frozenset({"shop"}), (_OWN_SHOP,)),))
"""Staff of the shop whose row it is, in whatever role."""
PLATFORM = Rule((Way("staff of the platform", frozenset({"platform"})),))
"""Staff of the platform, in whatever role."""


def seller(*roles: StaffRole) -> Rule:
    """Staff of the shop whose row it is, in one of these roles."""
    ways = (Way(f"{role} of its shop", frozenset({f"shop:{role.lower()}"}), (_OWN_SHOP,)) for role in roles)
    return Rule(tuple(ways))


def service(port: str) -> Rule:
    """A process of the mall that asks through `port` (`kit.ports`)."""
    return Rule((Way(f"the mall's own {port} port", frozenset({f"service:{port}"})),))


def platform(*roles: PlatformRole) -> Rule:
    """Staff of the platform in one of these roles."""
    return Rule(tuple(Way(f"{role} of the platform", frozenset({f"platform:{role.lower()}"})) for role in roles))


_OWNER, _MANAGER, _CLERK, _FINANCE = StaffRole.OWNER, StaffRole.MANAGER, StaffRole.CLERK, StaffRole.FINANCE

LEADERS = seller(_OWNER, _MANAGER)
"""Who leads the shop: they see who works there, and where it stands."""
ORDER_STAFF = seller(_OWNER, _MANAGER, _CLERK, _FINANCE)
"""Who works with the shop's orders."""
CASHIERS = seller(_OWNER, _MANAGER, _FINANCE)
"""Who sees what the shop's orders bring in."""
STOCKKEEPERS = seller(_OWNER, _MANAGER, _CLERK, StaffRole.OPERATOR)
"""Who works with the shop's stock."""
PROMOTERS = seller(_OWNER, _MANAGER, _FINANCE, StaffRole.OPERATOR)
"""Who plans, or pays, what the shop gives away."""
