"""How SQLite finds what the hot reads want: by index, whatever there is of products."""

from __future__ import annotations

import re

import pytest

from kit.settings import Settings
from kit.viewer import Viewer
from models.reading import fetch
from resolvers.context import Context
from subgraphs.products import subgraph
from tests.factories import products as make
from tests.support.statements import counted_statements

READS = """
query($all: [_Any!]!) {
  categories(first: 10) { edges { node { id products(first: 10) { edges { node { id } } } } } }
  sections(first: 10) { edges { node { id products(first: 10) { edges { node { id } } } } } }
  flashSale { items(first: 10) { edges { node { id sku { id } } } } }
  groupBuys(first: 10) { edges { node { id } } }
  products(first: 10) { totalCount edges { node { id skus(first: 3) { edges { node { id } } } } } }
  goods: products(first: 10, where: { kind: { eq: GOODS }, price: { min: 100 } }) { edges { node { id } } }
  _entities(representations: $all) {
    ... on Product { name }
    ... on Sku { id priceHistory(first: 3) { edges { node { at } } } }
    ... on GroupBuy { label }
    ... on Shop {
      products(first: 10) { edges { node { id } } }
      categories(first: 10) { edges { node { products(first: 10) { edges { node { id } } } } } }
      promotions(first: 10) { edges { node { id } } }
    }
  }
}
"""
SMALL = {"c", "b", "below"}
"""What may be walked as a whole: the category tree, and the part of it below some categories."""


async def test_no_hot_read_walks_a_whole_table(database: Settings, noon: None) -> None:
    if database.database_url.startswith("mysql:"):
        pytest.skip("the plans are SQLite's")
    for category in ("cat_tea", "cat_rice"):
        await make.category(id=category)
        await make.product(id=f"prd_{category}", category_id=category)
    await make.shelf(id="sct_new")
    await make.sku(id="sku_a", product_id="prd_cat_tea")
    names = (("Product", "prd_cat_tea"), ("Sku", "sku_a"), ("GroupBuy", "pit_a"), ("Shop", "shp_tea"))
    keys = [{"__typename": name, "id": id_} for name, id_ in names]
    with counted_statements() as statements:
        answer = await subgraph.answer(READS, {"all": keys}, Context(Viewer.member("mbr_a")))
    assert answer.errors == []
    walked = set()
    for text in statements.texts:
        plan = await fetch("products", f"EXPLAIN QUERY PLAN {text}", [None] * text.count("?"))
        walked |= {match[1] for row in plan if (match := re.match(r"SCAN (\w+)", row[3]))}
    assert {"category", "product", "promotion_item", "promotion", "sku", "price_change"}.isdisjoint(walked)
    assert walked <= SMALL | {"t", "u", "m", "p0"}, walked
