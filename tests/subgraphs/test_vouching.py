"""What a service vouches for: what every guest gets, read through a cache that is trusted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kit.settings import Settings
from kit.viewer import GUEST
from models.base import unit_of_work
from models.cached import CACHE
from models.products.tables import Product
from resolvers.context import Context
from subgraphs.mall import SUBGRAPHS
from subgraphs.requests import STANDS
from subgraphs.vouching import vouched_answer
from tests.support.caches import trusted_cache

CARDS = "{ products(first: 2) { edges { node { id name } } } }"
QUOTAS = "{ couponOffers(first: 2) { edges { node { id remaining } } } }"


@pytest.fixture(autouse=True)
def cached(tiny_mall: Settings) -> Iterator[None]:
    with trusted_cache():
        yield


async def stands(query: str, subgraph: str = "products") -> float | None:
    """For how many seconds the subgraph vouches for its answer."""
    answer = await vouched_answer(SUBGRAPHS[subgraph], query, {}, Context(GUEST))
    found: float | None = answer.extensions.get(STANDS)
    return found


@pytest.mark.parametrize(("query", "subgraph"), [(CARDS, "products"), (QUOTAS, "orders")])
async def test_it_vouches_for_what_every_guest_gets_for_a_second_at_most(query: str, subgraph: str) -> None:
    for _ in range(2):
        found = await stands(query, subgraph)
        assert found is not None
        assert 0.0 < found <= 1.0


async def test_it_vouches_for_entities_whose_rows_are_for_everybody() -> None:
    (product,) = await Product.all().limit(1)
    query = "query($all: [_Any!]!) { _entities(representations: $all) { ... on Product { name } } }"
    asked = {"all": [{"__typename": "Product", "id": product.id}]}
    answer = await vouched_answer(SUBGRAPHS["products"], query, asked, Context(GUEST))
    assert answer.data == {"_entities": [{"name": product.name}]}
    assert answer.extensions[STANDS] > 0


async def test_it_does_not_vouch_while_the_cache_is_not_trusted() -> None:
    CACHE.distrust()
    assert await stands(CARDS) is None


@pytest.mark.parametrize(
    ("query", "subgraph"),
    [
        ('{ product(id: "prd_none") { id } nothing }', "products"),
        ("mutation { signOut { result { ok: __typename } } }", "members"),
        ('{ _entities(representations: [{ __typename: "Member", id: "mbr_1" }]) { ... on Member { id } } }', "members"),
        ("{ __typename __schema { queryType { name } } }", "products"),
    ],
)
async def test_it_does_not_vouch_for_anything_else(query: str, subgraph: str) -> None:
    assert await stands(query, subgraph) is None


async def test_an_answer_under_which_something_was_written_is_not_vouched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    subgraph = SUBGRAPHS["products"]
    answered = subgraph.answer

    async def meanwhile(*args: object, **options: object) -> object:
        answer = await answered(*args, **options)  # type: ignore[arg-type]
        async with unit_of_work("products"):
            await Product.all().update(name="新名")
        return answer

    monkeypatch.setattr(subgraph, "answer", meanwhile)
    assert await stands(CARDS) is None
