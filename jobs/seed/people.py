"""Members and staff: who they are, and their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from jobs.seed.dice import Dice, Wheel
from jobs.seed.keys import Person
from jobs.seed.plans import Habit, MemberPlan, ShopPlan, StaffPlan
from jobs.seed.size import Size
from jobs.seed.words.people import (
    GIVEN,
    LABELS,
    NICK_HEADS,
    NICK_TAILS,
    NICK_WHOLE,
    PHONE_PREFIXES,
    SURNAMES,
)
from jobs.seed.words.places import BUILDINGS, PLACES
from models.states import StaffRole

_CITIES = (("上海", 34), ("北京", 18), ("广州", 14), ("深圳", 14), ("杭州", 10), ("成都", 10))
_HABITS = ((Habit.NEVER, 12), (Habit.NEW, 14), (Habit.ACTIVE, 54), (Habit.DORMANT, 20))
_APPETITE = {Habit.NEVER: (0, 0), Habit.NEW: (4, 14), Habit.ACTIVE: (8, 60), Habit.DORMANT: (4, 24)}
"""How often members of a habit buy, relative to each other."""
_FIRST_PERSONAS = ("buyer", "dormant", "owner-a", "clerk-a", "owner-b")
_PERSONA_HABITS = {"buyer": Habit.ACTIVE, "dormant": Habit.DORMANT}
_PERSONA_ORDERS = {"buyer": 64, "dormant": 6}
_PERSONA_NICKNAMES = {
    "buyer": "豆豆妈妈在路上",
    "dormant": "好久不见的阿哲",
    "owner-a": "店主林姐",
    "clerk-a": "店员小周",
    "owner-b": "店主老何",
}
_HELPERS = (
    (StaffRole.MANAGER, (0,)),
    (StaffRole.FINANCE, (0,)),
    (StaffRole.REDEEMER, (0,)),
    (StaffRole.HOST, (0,)),
    (StaffRole.OPERATOR, (0, 1)),
)
"""What they do, and in which shops; the operator (代运营) is hired by two."""


def plan_members(size: Size, dice: Dice, anchor: datetime) -> list[MemberPlan]:
    """Every member, personas first. Their orders sum up to the size's."""
    habits = [_PERSONA_HABITS.get(name, Habit.NEVER) for name in _FIRST_PERSONAS]
    kinds, wheel = [habit for habit, _ in _HABITS], Wheel([share for _, share in _HABITS])
    habits += [kinds[wheel.spin(dice)] for _ in range(size.members - len(habits))]
    personas = [*_FIRST_PERSONAS, *[""] * (size.members - len(_FIRST_PERSONAS))]
    orders = _shared_orders(size.orders, habits, personas, dice)
    cities, city_wheel = [city for city, _ in _CITIES], Wheel([share for _, share in _CITIES])
    members = []
    for habit, count, persona in zip(habits, orders, personas, strict=True):
        city = "上海" if persona else cities[city_wheel.spin(dice)]
        members.append(_member(habit, count, persona, city, dice, anchor))
    return members


def _shared_orders(total: int, habits: Sequence[Habit], personas: Sequence[str], dice: Dice) -> list[int]:
    fixed = [_PERSONA_ORDERS.get(name, 0) if name else None for name in personas]
    appetites = (_APPETITE[habit] for habit in habits)
    weights = [dice.randint(*often) if count is None else 0 for often, count in zip(appetites, fixed, strict=True)]
    left = total - sum(count or 0 for count in fixed)
    whole, seen, shares = sum(weights), 0, []
    for weight, count in zip(weights, fixed, strict=True):
        # Running floors: the shares are whole and sum up to what there is.
        shares.append(left * (seen + weight) // whole - left * seen // whole if count is None else count)
        seen += weight
    return shares


def _member(habit: Habit, orders: int, persona: str, city: str, dice: Dice, anchor: datetime) -> MemberPlan:
    days = (3, 30) if habit is Habit.NEW else (200, 1_500) if habit is Habit.DORMANT or persona else (40, 1_500)
    joined_at = dice.between(anchor - timedelta(days=days[1]), anchor - timedelta(days=days[0]))
    return MemberPlan(
        id=dice.id("mbr", joined_at),
        nickname=_PERSONA_NICKNAMES.get(persona) or _nickname(dice),
        avatar=f"https://img.jishi.example/avatar/{dice.randrange(240):03d}.png",
        city=city,
        joined_at=joined_at,
        habit=habit,
        orders=orders,
        persona=persona,
    )


def _nickname(dice: Dice) -> str:
    if dice.hit(20):
        return dice.choice(NICK_WHOLE)
    if dice.hit(20):
        return f"{dice.choice('小大阿老')}{dice.choice(SURNAMES)}{dice.choice(('', '同学', '师傅', '姐', '哥'))}"
    name = f"{dice.choice(NICK_HEADS)}{dice.choice(NICK_TAILS)}"
    return f"{name}{dice.randint(1, 99)}" if dice.hit(20) else name


def real_name(dice: Dice) -> str:
    """A person's name as on a parcel."""
    return f"{dice.choice(SURNAMES)}{dice.choice(GIVEN)}"


def phone_number(dice: Dice) -> str:
    """A mobile number in a range that is in use."""
    return f"{dice.choice(PHONE_PREFIXES)}{dice.randrange(100_000_000):08d}"


def plan_staff(shops: Sequence[ShopPlan], members: Sequence[MemberPlan], dice: Dice) -> list[StaffPlan]:
    """Every shop has an owner, most have a clerk or two; the personas work in the first two shops."""
    personas = {member.persona: member for member in members[: len(_FIRST_PERSONAS)]}
    others = members[len(_FIRST_PERSONAS) :]
    staff = [
        StaffPlan(shops[0], personas["owner-a"], StaffRole.OWNER),
        StaffPlan(shops[0], personas["clerk-a"], StaffRole.CLERK),
        StaffPlan(shops[1], personas["owner-b"], StaffRole.OWNER),
    ]
    for shop in shops[2:]:
        people = dice.sample(others, dice.randint(1, 3))
        roles = (StaffRole.OWNER, StaffRole.CLERK, StaffRole.MANAGER)
        staff += [StaffPlan(shop, member, role) for member, role in zip(people, roles, strict=False)]
    return staff


def plan_helpers(shops: Sequence[ShopPlan], members: Sequence[MemberPlan]) -> list[StaffPlan]:
    """Ordinary members who work in the first two shops, so that every role is worn by somebody."""
    return [
        StaffPlan(shops[shop], members[-number], role)
        for number, (role, places) in enumerate(_HELPERS, start=1)
        for shop in places
    ]


def member_row(member: MemberPlan, phone: str, person: Person, dice: Dice) -> dict[str, Any]:
    """A row of `Member`."""
    return {
        "id": member.id,
        "nickname": member.nickname,
        "avatar": member.avatar,
        "phone_sealed": person.seal(phone, "member", "phone_sealed", member.id, dice=dice),
        "joined_at": member.joined_at,
        "erased_at": None,
    }


def address_rows(member: MemberPlan, phone: str, person: Person, dice: Dice) -> Iterator[dict[str, Any]]:
    """Rows of `Address`: one or two for who buys, none for who never did."""
    receiver = real_name(dice)
    places = PLACES[member.city]
    wanted = 0 if member.habit is Habit.NEVER and not member.persona else dice.choice((1, 1, 1, 2))
    for number in range(wanted):
        place = places[0] if member.persona else dice.choice(places)
        address_id = dice.id("adr", member.joined_at)
        flat = f"{dice.randint(1, 40)}号{dice.randint(1, 18)}0{dice.randint(1, 4)}室"
        home = f"{place.street}{dice.randint(8, 980)}弄{dice.choice(BUILDINGS)}{flat}"
        hidden = {"street_sealed": home, "receiver_sealed": receiver, "phone_sealed": phone}
        sealed = {
            column: person.seal(text, "address", column, address_id, dice=dice) for column, text in hidden.items()
        }
        point = f"{place.latitude + dice.randint(-1_500, 1_500)},{place.longitude + dice.randint(-1_500, 1_500)}"
        yield {
            "id": address_id,
            "member_id": member.id,
            "label": LABELS[number],
            "city": member.city,
            "district": place.district,
            **sealed,
            "place_sealed": person.seal(point, "address", "place_sealed", address_id),
            "is_default": number == 0,
        }
