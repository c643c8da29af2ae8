"""How things are named: by id in an argument, or by a representation of another subgraph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from resolvers.keys import ids_of

Representations = Sequence[dict[str, Any]]


class ShopKey(msgspec.Struct, frozen=True, gc=False):
    """A shop, of which products knows the key alone."""

    id: str


async def shops_by_key(keys: Representations) -> list[ShopKey]:
    return [ShopKey(shop_id) for shop_id in ids_of(keys)]
