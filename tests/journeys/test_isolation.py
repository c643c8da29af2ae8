"""Who sees what, walked: every field under every hat, on one's own rows, on another's, on none."""

from __future__ import annotations

import pytest

from tests.support import world
from tests.support.matrix import HATS
from tests.support.walker.judging import differences
from tests.support.walker.paths import Ways
from tests.support.walker.walking import SILENT, behind, mall, operations, published_cells, told, viewer_of, walked

pytestmark = pytest.mark.usefixtures("database", "noon")

GROUPS = {
    "persons": ["guest", "member"],
    "shops": [hat for hat in HATS if hat.startswith("shop")],
    "others": [hat for hat in HATS if not hat.startswith(("guest", "member", "shop"))],
}
HIDDEN = {
    "order": ["ord_b", "ord_none"],
    "note": ["nte_a_withdrawn", "nte_none"],
    "liveRoom": ["liv_a_withdrawn", "liv_none"],
    "product": ["prd_a_draft", "prd_none"],
    "shop": ["shp_none", "shp_no_one"],
    "category": ["cat_none", "cat_no_one"],
    "oversightCase": ["cas_none", "cas_no_one"],
}
"""For each root field that finds a row by its id: one that is there but not to be seen by side `a`, and one that is not
there."""


@pytest.mark.parametrize("group", GROUPS)
async def test_every_hat_sees_what_the_matrix_says(group: str) -> None:
    await world.build()
    asked, owners = mall(), await world.owners()
    ways = Ways(asked.engine.supergraph.api_schema, "Query")
    walk = operations(ways)
    for hat in GROUPS[group]:
        found = differences(published_cells(ways, hat), await walked(asked, walk, hat, owners), SILENT)
        assert found == [], f"{hat}: {chr(10).join(found)}"


@pytest.mark.parametrize("root", HIDDEN)
async def test_what_is_not_to_be_seen_answers_as_what_is_not_there(root: str) -> None:
    await world.build()
    asked = mall()
    one = behind(Ways(asked.engine.supergraph.api_schema, "Query"), root)
    hidden, missing = HIDDEN[root]
    for hat in HATS:
        viewer = viewer_of(hat, "a")
        await told(asked, one, root, missing, viewer)  # plans and compiles
        foreign = await told(asked, one, root, hidden, viewer)
        assert foreign == await told(asked, one, root, missing, viewer), hat


def test_every_root_field_with_an_id_is_tried() -> None:
    roots = mall().engine.supergraph.api_schema.query_type
    assert roots is not None
    assert {name for name, field in roots.fields.items() if "id" in field.args} == set(HIDDEN)
