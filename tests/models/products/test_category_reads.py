"""Lists of categories: the tree, and what is recommended of it."""

from __future__ import annotations

import pytest

from models.products.reads.categories import (
    Children,
    Recommended,
    categories_by_id,
    category_pages,
    count_categories,
    leaves_below,
)
from models.products.reads.parts import Cut
from models.states import ProductState
from tests.factories import products as make
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

TEN = Cut(None, 10)


async def tree() -> None:
    """Two roots; food has tea and snacks, snacks have nuts."""
    await make.category(id="cat_home", position=2)
    await make.category(id="cat_food", position=1)
    await make.category(id="cat_snacks", parent_id="cat_food", position=2)
    await make.category(id="cat_tea", parent_id="cat_food", position=1)
    await make.category(id="cat_nuts", parent_id="cat_snacks", position=1)


async def test_the_tree_is_read_by_position_and_all_lists_by_one_statement() -> None:
    await tree()
    lists = [Children(None), Children("cat_food"), Children("cat_tea"), Children("cat_none"), Recommended(None)]
    with counted_statements() as statements:
        pages = await category_pages([(wanted, TEN) for wanted in lists])
    assert len(statements) == 1
    assert [[row.id for row in page] for page in pages] == [
        ["cat_food", "cat_home"],
        ["cat_tea", "cat_snacks"],
        [],
        [],
        [],
    ]
    assert await count_categories(lists) == [2, 2, 0, 0, 0]


async def test_a_list_of_categories_continues_after_its_key() -> None:
    await tree()
    (page,) = await category_pages([(Children(None), Cut((1, "cat_food"), 10))])
    assert [row.id for row in page] == ["cat_home"]


async def test_sections_follow_the_viewers_likings_then_popularity_then_id() -> None:
    for category_id, popularity in (("cat_a", 5), ("cat_b", 9), ("cat_c", 5), ("cat_d", 1)):
        await make.category(id=category_id, popularity=popularity)
        await make.product(category_id=category_id)
    await make.category(id="cat_e", popularity=99)
    await make.product(category_id="cat_e", state=ProductState.DRAFT)
    await make.category(id="cat_f", popularity=98)
    await make.product(category_id="cat_a")
    await make.affinity("mbr_a", "cat_d", 3)
    await make.affinity("mbr_a", "cat_a", 2)
    await make.affinity("mbr_a", "cat_e", 9)
    await make.affinity("mbr_b", "cat_c", 7)
    pages = await category_pages([(Recommended(member), TEN) for member in (None, "mbr_a", "mbr_b")])
    assert [[row.id for row in page] for page in pages] == [
        ["cat_b", "cat_c", "cat_a", "cat_d"],
        ["cat_d", "cat_a", "cat_b", "cat_c"],
        ["cat_c", "cat_b", "cat_a", "cat_d"],
    ]
    (rest,) = await category_pages([(Recommended("mbr_a"), Cut((2, 5, "cat_a"), 10))])
    assert [(row.id, row.weight) for row in rest] == [("cat_b", 0), ("cat_c", 0)]
    assert await count_categories([Recommended(None), Recommended("mbr_a")]) == [4, 4]


async def test_the_leaves_of_a_branch_are_found_at_any_depth() -> None:
    await tree()
    with counted_statements() as statements:
        found = await leaves_below(["cat_food", "cat_nuts", "cat_none", "cat_snacks"])
    assert len(statements) == 1
    assert found == [("cat_nuts", "cat_tea"), ("cat_nuts",), (), ("cat_nuts",)]


async def test_categories_are_found_by_id() -> None:
    await tree()
    assert [row and row.parent_id for row in await categories_by_id(["cat_tea", "cat_none"])] == ["cat_food", None]
