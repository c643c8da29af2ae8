"""Who may ask by what, walked: each filter, sort order and facet of each list under every hat."""

from __future__ import annotations

import pytest

from tests.support import world
from tests.support.matrix import HATS
from tests.support.walker.filters import askings, wrong_askings
from tests.support.walker.paths import Ways
from tests.support.walker.walking import mall

pytestmark = pytest.mark.usefixtures("database", "noon")


async def test_a_hat_asks_by_what_it_reads_and_by_nothing_else() -> None:
    await world.build()
    asked = mall()
    for hat in HATS:
        assert await wrong_askings(asked, hat) == []


def test_there_is_something_to_ask_by() -> None:
    found = list(askings(Ways(mall().engine.supergraph.api_schema, "Query")))
    assert {one.spot for one in found} >= {"ShopOrder.payable", "ShopOrder.placedAt", "Product.price", "Note.likes"}
    assert {one.name for one in found} == {"where", "orderBy", "by"}
