"""Filters are made of the fields that may serve as one, with their guards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import pytest
import strawberry
from strawberry import federation

from kit.errors import Forbidden, Invalid
from kit.viewer import GUEST, Viewer
from models.filtering import Comparison, Match, Sorting
from schema.access import ANYONE, CASHIERS, OWNER_OF_IT, SELLER, judged, shown
from schema.entity import private
from schema.filtering import by_id, by_money, by_time, by_value, facet_of, guarded_fields, order_of, where_of
from schema.scalars import ID


@strawberry.enum
class Mood(StrEnum):
    CALM = "CALM"
    LOUD = "LOUD"


@private(to=OWNER_OF_IT | SELLER, says="A thing of somebody.")
class Thing:
    id: ID = shown(to=ANYONE, says="Its id.")
    shop: ID = shown(to=ANYONE, says="Its shop.", sieve=by_id("shop_id"))
    worth: int | None = shown(to=CASHIERS, says="Its worth.", sieve=by_money("worth", sorts=True))
    mood: Mood | None = shown(to=CASHIERS, says="Its mood.", sieve=by_value("mood", Mood, counts=True))
    made_at: datetime = shown(to=ANYONE, says="When.", sieve=by_time("made_at", sorts=True))


ThingWhere, ThingOrder, ThingFacet = where_of(Thing), order_of(Thing), facet_of(Thing)
FINANCE, CLERK = (Viewer.shop_staff("mbr_x", "shp_tea", role) for role in ("FINANCE", "CLERK"))


def operators(name: str, **given: object) -> object:
    """The operators of a field, those that are not given being null."""
    types = {one.name: one.sieve.operators for one in guarded_fields(Thing)}
    return types[name](**given)


def where(**given: object) -> object:
    return ThingWhere(**given)


def test_a_filter_has_the_fields_that_say_so_and_nothing_else() -> None:
    assert set(ThingWhere.__annotations__) == {"shop", "worth", "mood", "made_at"}
    assert [member.value for member in ThingOrder] == ["WORTH_ASC", "WORTH_DESC", "MADE_AT_ASC", "MADE_AT_DESC"]
    assert [member.value for member in ThingFacet] == ["MOOD"]


def test_what_is_asked_becomes_comparisons_of_columns() -> None:
    asked = where(
        shop=operators("shop", eq="shp_a", in_=["shp_a", "shp_b", "shp_b"]),
        worth=operators("worth", min=1, max=2),
        mood=operators("mood", eq=Mood.LOUD),
    )
    assert judged({"where": asked, "first": 3}, FINANCE) == {
        "where": (
            Match("shop_id", Comparison.ONE_OF, ("shp_a",)),
            Match("shop_id", Comparison.ONE_OF, ("shp_a", "shp_b")),
            Match("worth", Comparison.AT_LEAST, (1,)),
            Match("worth", Comparison.AT_MOST, (2,)),
            Match("mood", Comparison.ONE_OF, ("LOUD",)),
        ),
        "first": 3,
    }
    assert judged({"order_by": ThingOrder.WORTH_DESC}, FINANCE) == {"order_by": Sorting("worth", descending=True)}
    assert judged({"by": ThingFacet.MOOD}, FINANCE) == {"by": "mood"}


@pytest.mark.parametrize("viewer", [GUEST, CLERK, Viewer.member("mbr_lin"), Viewer.platform_staff("mbr_p", "OPERATOR")])
@pytest.mark.parametrize(
    ("asked", "argument"),
    [
        ({"where": where(worth=operators("worth", min=1))}, "where.worth"),
        ({"where": where(worth=operators("worth"))}, "where.worth"),
        ({"where": where(mood=operators("mood", in_=[]))}, "where.mood"),
        ({"order_by": ThingOrder.WORTH_ASC}, "orderBy"),
        ({"by": ThingFacet.MOOD}, "by"),
    ],
)
def test_who_may_not_read_a_field_may_not_ask_by_it(viewer: Viewer, asked: dict[str, object], argument: str) -> None:
    with pytest.raises(Forbidden) as refused:
        judged(asked, viewer)
    assert refused.value.extensions() == {"code": "FORBIDDEN", "reason": "filter.closed", "argument": argument}


@pytest.mark.parametrize(
    "asked", [where(worth=operators("worth", min=2, max=1)), where(shop=operators("shop", in_=["shp_a"] * 51))]
)
def test_what_cannot_be_is_refused(asked: object) -> None:
    with pytest.raises(Invalid):
        judged({"where": asked}, FINANCE)


def test_a_guarded_field_cannot_narrow_lists_of_everybodys_rows() -> None:
    @federation.type
    class Shown:
        id: ID = shown(to=ANYONE, says="Its id.")
        worth: int | None = shown(to=CASHIERS, says="Its worth.", sieve=by_money("worth"))

    with pytest.raises(TypeError, match="worth is guarded"):
        where_of(Shown)
