"""Entities asked for by key, of one subgraph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import is_object_type
from strawberry.federation.schema_directives import External

from resolvers.context import Context
from subgraphs.runtime import Subgraph
from tests.support.statements import counted_statements
from tests.support.walker.operations import Operation, operation
from tests.support.walker.paths import Step, Ways
from tests.support.walker.walking import argument, strange, tools, viewer_of

KEYS: Mapping[str, str] = {
    "AuditTrail": "shp_{side}",
    "Branch": "brn_{side}",
    "Category": "cat_tea",
    "Coupon": "cpn_{side}",
    "CouponOffer": "cof_{side}",
    "FlashSaleItem": "pit_{side}_FLASH_SALE",
    "GroupBuy": "pit_{side}_GROUP_BUY",
    "LiveRoom": "liv_{side}",
    "Member": "mbr_{side}",
    "Note": "nte_{side}",
    "Product": "prd_{side}",
    "Shop": "shp_{side}",
    "ShopCategory": "sct_{side}",
    "ShopOrder": "ord_{side}",
    "Sku": "sku_{side}",
    "Video": "vid_{side}",
}
"""The id of each side's entity."""


def external(subgraph: Subgraph) -> set[str]:
    """Fields that the subgraph names without having them."""
    return {
        f"{name}.{field}"
        for name, type_ in subgraph.schema._schema.type_map.items()
        if is_object_type(type_)
        for field, declared in type_.fields.items()
        if (own := declared.extensions.get("strawberry-definition"))
        and any(isinstance(directive, External) for directive in own.directives)
    }


def by_key(subgraph: Subgraph, entity: str) -> Operation:
    """All that the subgraph can say of an entity."""
    ways, inner = (Ways(subgraph.schema._schema, root, without=external(subgraph)) for root in ("Query", entity))
    paths = [(Step("Query", "_entities"), *path) for path in inner.everywhere(lambda step: True)]
    return operation(ways, paths, argument_of_keys, "($keys: [_Any!]!)")


def argument_of_keys(step: Step, name: str, declared: Any) -> str | None:
    return "$keys" if name == "representations" else argument(step, name, declared)


async def answer_of(
    subgraph: Subgraph, one: Operation, entity: str, id_: str, hat: str
) -> tuple[dict[str, Any], list[str]]:
    """The answer for a key, and the statements that it cost."""
    context = Context(viewer_of(hat, "a"), tools())
    with counted_statements() as statements:
        answer = await subgraph.answer(one.text, {"keys": [{"__typename": entity, "id": id_}]}, context)
    assert strange(answer.body()) == []
    return answer.body(), statements.texts
