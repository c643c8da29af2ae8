"""Who sees what by key: every entity of every subgraph under every hat, for own, foreign and no rows."""

from __future__ import annotations

import pytest

from schema.entity import REFERENCE
from subgraphs.mall import SUBGRAPHS
from subgraphs.runtime import Subgraph
from tests.support import world
from tests.support.matrix import HATS
from tests.support.walker.judging import Sights, leaks, matrix
from tests.support.walker.keys import KEYS, answer_of, by_key
from tests.support.walker.walking import owned_by, viewer_of

pytestmark = pytest.mark.usefixtures("database", "noon")

PRIVATE = ("Coupon", "ShopOrder")
"""Entities that are there for their owners alone."""
HIDDEN = {
    "CouponOffer": "cof_b_planned",
    "Note": "nte_b_withdrawn",
    "LiveRoom": "liv_b_withdrawn",
    "Product": "prd_b_draft",
}
"""Entities that are not to be seen yet, or any more."""


def entities_of(subgraph: Subgraph) -> list[str]:
    """The types that the subgraph finds by key."""
    known = subgraph.schema.schema_converter.type_map
    return sorted(name for name in known if hasattr(getattr(known[name].definition, "origin", None), REFERENCE))


def test_every_entity_has_a_key_to_walk_with() -> None:
    assert {name for subgraph in SUBGRAPHS.values() for name in entities_of(subgraph)} == set(KEYS)


@pytest.mark.parametrize("name", SUBGRAPHS)
async def test_a_key_opens_no_more_than_the_matrix_says(name: str) -> None:
    await world.build()
    subgraph, owners, cells = SUBGRAPHS[name], await world.owners(), matrix()
    for entity in entities_of(subgraph):
        one = by_key(subgraph, entity)
        for hat in HATS:
            sights = Sights()
            for side in world.SIDES:
                answer, _ = await answer_of(subgraph, one, entity, KEYS[entity].format(side=side), hat)
                sights.add(one.seen(answer["data"]), owned_by(viewer_of(hat, "a"), owners))
            assert leaks(cells[hat], sights) == [], f"{hat}, {entity}"
            assert sights.own or sights.foreign, f"nothing of {entity} was seen at all"


@pytest.mark.parametrize("entity", [*PRIVATE, *HIDDEN])
async def test_a_key_of_what_is_not_to_be_seen_is_as_one_of_nothing(entity: str) -> None:
    await world.build()
    for subgraph in SUBGRAPHS.values():
        if entity not in entities_of(subgraph) or not keeps(subgraph, entity):
            continue
        one = by_key(subgraph, entity)
        for hat in HATS:
            hidden = HIDDEN.get(entity) or KEYS[entity].format(side="b")
            foreign = await answer_of(subgraph, one, entity, hidden, hat)
            assert foreign == await answer_of(subgraph, one, entity, f"{hidden[:3]}_none", hat), hat
            assert foreign[0]["data"] == {"_entities": [None]}


def keeps(subgraph: Subgraph, entity: str) -> bool:
    """Whether the subgraph looks the entity up: another may take its key for granted."""
    home = {"Coupon": "orders", "CouponOffer": "orders", "ShopOrder": "orders", "Product": "products"}
    return home.get(entity, "content") == subgraph.name
