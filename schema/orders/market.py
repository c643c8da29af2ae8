"""The market as the platform sees it: sums over many, and bands of one."""

import strawberry
from strawberry import federation

from models import states
from models.states import PlatformRole
from resolvers.orders import market as answers
from schema.access import ANYONE, LEADERS, platform, shown
from schema.entity import private
from schema.scalars import ID, Connection, Money

Trade = strawberry.enum(states.Trade, description="What a shop lives from (行业).")
ShopTier = strawberry.enum(
    states.ShopTier,
    description="Where a shop's sales stand among those of its trade: the first fifth, the next three tenths, the "
    "other half; NEW with fewer than five buyers in the month.",
)
ShopTrend = strawberry.enum(
    states.ShopTrend, description="Sales beside those of the month before: 15 % more, 15 % less, or in between."
)

MARKET = platform(PlatformRole.OPERATOR, PlatformRole.FINANCE, PlatformRole.RISK)
BANDS = LEADERS | platform(PlatformRole.OPERATOR, PlatformRole.REVIEWER, PlatformRole.RISK)


@private(
    to=MARKET,
    says="Sums of a month over at least five shops and five buyers, published once the month is over and never "
    "again, so that they tell of no one. What could tell is left out, and with it whatever it could be computed from.",
)
class MarketCell:
    id: ID = shown(to=ANYONE, says="Its id.")
    month: str = shown(to=ANYONE, says="Such as 2026-10, in Shanghai.")
    trade: Trade | None = shown(to=ANYONE, by=answers.trades_of, says="Its trade; null for all.")  # type: ignore[valid-type]
    city: str | None = shown(to=ANYONE, by=answers.cities_of, says="The shops' city (市); null for all.")
    shops: int = shown(to=ANYONE, says="How many shops sold.")
    buyers: int = shown(to=ANYONE, says="How many members bought.")
    orders: int = shown(to=ANYONE, says="How many orders were paid.")
    amount: Money = shown(to=ANYONE, by=answers.money_in("amount"), says="What they paid in all (成交额).")


@private(to=BANDS, says="Where a shop stands in a month, as coarsely as governing needs (经营分层).")
class ShopBand:
    id: ID = shown(to=ANYONE, says="Its id.")
    month: str = shown(to=ANYONE, says="Such as 2026-10, in Shanghai.")
    tier: ShopTier = shown(to=ANYONE, says="Its part in the sales of its trade.")  # type: ignore[valid-type]
    score: int | None = shown(
        to=ANYONE, says="Of a hundred paid orders, how many were not refunded, in tens; null with too few buyers."
    )
    trend: ShopTrend | None = shown(  # type: ignore[valid-type]
        to=ANYONE, says="Where its sales go; null with too few buyers in either month."
    )


@federation.type
class Query:
    market: Connection[MarketCell] | None = shown(
        to=MARKET,
        by=answers.cells,
        says="What was sold in a month, by trade and city (大盘); published when it is over.",
    )
