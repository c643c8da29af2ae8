"""What Home asks of products, in as few statements as it can be."""

from __future__ import annotations

import pytest

from kit.viewer import GUEST, Viewer
from models.states import PromotionKind
from resolvers.context import Context
from subgraphs.products import subgraph
from tests.factories import products as make
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

HOME = """
query($few: Int!, $keys: [_Any!]!) {
  entrances: categories(first: $few) { edges { node { id name icon } } }
  flashSale { startsAt endsAt items(first: $few) { edges { node { ...Offered } } } }
  groupBuys(first: $few) { edges { node { ...Offered groupSize } } }
  sections(first: $few) {
    edges { node { id title products(first: $few) { edges { node { ...Card } } pageInfo { endCursor hasNextPage } } } }
    pageInfo { endCursor hasNextPage }
  }
  _entities(representations: $keys) { ... on Product { id name image price { amount currency } } }
}
fragment Offered on Offer { id price { amount currency } product { id name image price { amount currency } } }
fragment Card on Product {
  id name subtitle image tags sales rating price { amount currency } listPrice { amount currency }
  promotion { kind label price { amount currency } } shop { id }
}
"""


async def shopping_street(leaves: int, products: int) -> list[str]:
    """Products on leaves under one root, some of them on offer; their ids."""
    await make.category(id="cat_root")
    made = []
    for leaf in range(leaves):
        await make.category(id=f"cat_{leaf}", parent_id="cat_root", popularity=leaf)
        for number in range(products):
            product = await make.product(category_id=f"cat_{leaf}", shop_id=f"shp_{number}", score=number)
            made.append(product.id)
        await make.item(PromotionKind.FLASH_SALE, product_id=made[-1], position=leaf)
        await make.item(PromotionKind.GROUP_BUY, product_id=made[-2], position=leaf)
    await make.affinity("mbr_a", "cat_0", 1)
    return made


@pytest.mark.parametrize("viewer", [GUEST, Viewer.member("mbr_a")], ids=["guest", "member"])
@pytest.mark.parametrize("few", [1, 3, 50])
async def test_products_of_home_take_four_statements(viewer: Viewer, few: int) -> None:
    made = await shopping_street(leaves=4, products=4)
    keys = [{"__typename": "Product", "id": product_id} for product_id in made]
    with counted_statements() as statements:
        answer = await subgraph.answer(HOME, {"few": few, "keys": keys}, Context(viewer))
    assert answer.errors == []
    assert answer.data is not None
    assert len(answer.data["_entities"]) == 16
    shown = min(few, 4)
    sections = [edge["node"] for edge in answer.data["sections"]["edges"]]
    assert [len(section["products"]["edges"]) for section in sections] == [shown] * shown
    assert len(answer.data["flashSale"]["items"]["edges"]) == len(answer.data["groupBuys"]["edges"]) == shown
    assert statements.by_domain == {"products": 4}
