"""Prices as price tags have them."""

from __future__ import annotations

from models.states import ProductKind

_ROUND_KINDS = (ProductKind.DISH, ProductKind.NIGHT, ProductKind.APPOINTMENT)


def tag(fen: int, kind: ProductKind = ProductKind.GOODS) -> int:
    """The price nearest below `fen` that a shop of the kind would write on a tag; never less than 0.5 yuan."""
    if fen < 1_000:
        return max(fen // 50 * 50 if kind in _ROUND_KINDS else fen // 10 * 10, 50)
    yuan = fen // 100
    if yuan < 100:
        return yuan * 100 if kind in _ROUND_KINDS else yuan * 100 - 10
    if yuan < 1_000:
        return (yuan // 10 * 10 + (8 if yuan % 10 >= 8 else -1)) * 100
    return (yuan // 100 * 100 + (80 if yuan % 100 >= 80 else -1)) * 100


def reduced(price: int, percent: int) -> int:
    """`percent` of `price` as a tag, always below `price`."""
    return min(tag(price * percent // 100), price - 10)


def crossed_out(price: int, percent: int, kind: ProductKind = ProductKind.GOODS) -> int | None:
    """A list price `percent` of `price`, or None where the tag would not stand above the price."""
    listed = tag(price * percent // 100, kind)
    return listed if listed > price else None
