"""What the platform may know of the market and of a shop: published sums and bands, never lines."""

from __future__ import annotations

from tortoise import fields

from models.base import IdField, Row
from models.states import ShopTier, ShopTrend


class MarketMonth(Row):
    """A month whose sums are published, `mkm_`: once and for all."""

    month = fields.CharField(max_length=7, unique=True)
    """2026-10, of Shanghai's calendar."""
    published_at = fields.DatetimeField()

    class Meta:
        table = "market_month"


class MarketCell(Row):
    """Sums of a month over so many shops and buyers that they tell of none of them, `mkc_`."""

    month = fields.CharField(max_length=7)
    trade = fields.CharField(max_length=20)
    """Empty for all trades."""
    city = fields.CharField(max_length=20)
    """Empty for all cities."""
    shops = fields.IntField()
    buyers = fields.IntField()
    orders = fields.IntField()
    currency = fields.CharField(max_length=3, default="CNY")
    amount = fields.BigIntField()

    class Meta:
        table = "market_cell"
        unique_together = (("month", "trade", "city"),)


class ShopBand(Row):
    """Where a shop stands among those of its trade in a month, `bnd_`: coarse on purpose."""

    shop_id = IdField()
    month = fields.CharField(max_length=7)
    tier = fields.CharEnumField(ShopTier, max_length=10)
    score = fields.IntField(null=True)
    """Of a hundred paid orders, how many went well, to the tens below; None with fewer than five buyers."""
    trend = fields.CharEnumField(ShopTrend, max_length=10, null=True)

    class Meta:
        table = "shop_band"
        unique_together = (("shop_id", "month"),)
