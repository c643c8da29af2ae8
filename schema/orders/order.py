"""Trades, shop orders and their lines; and what orders adds to shops and members."""

from datetime import datetime

import strawberry
from strawberry import federation

from models import states
from resolvers.orders import market, oversight, wallet
from resolvers.orders import order as answers
from schema.access import ANYONE, CASHIERS, ORDER_STAFF, OWNER_OF_IT, PROMOTERS, shown
from schema.entity import entity, private, stub
from schema.filtering import Facet, by_money, by_time, by_value, facet_of, order_of, where_of
from schema.orders.market import BANDS, ShopBand
from schema.orders.oversight import THE_SHOP, WATCHERS, OversightCase
from schema.orders.stock import Sku
from schema.orders.wallet import Coupon, CouponOffer
from schema.scalars import ID, Connection, Money

AMOUNTS = OWNER_OF_IT | CASHIERS
"""Whom the sums of an order are shown."""

OrderState = strawberry.enum(states.OrderState, description="How far an order is (订单状态).")


@stub(row=answers.ProductKey, says="What a shop sells (商品).")
class Product:
    id: ID = shown(to=ANYONE, says="Its id.")


@federation.type(description="A choice that was made when it was ordered, such as 规格: 500g.")
class OrderedOption:
    name: str = shown(to=ANYONE, says="What was chosen.")
    value: str = shown(to=ANYONE, says="The choice.")


@federation.type(description="One SKU of an order, as it was when it was ordered (订单行).")
class OrderLine:
    id: ID = shown(to=ANYONE, says="Its id.")
    product: Product = shown(to=ANYONE, by=answers.products_of, says="The product, as it is now.")
    sku: Sku = shown(to=ANYONE, by=answers.skus_of, says="The SKU, as it is now.")
    name: str = shown(to=ANYONE, says="The product's name then.")
    image: str = shown(to=ANYONE, says="Its picture then.")
    options: list[OrderedOption] = shown(to=ANYONE, by=answers.options_of, says="What was chosen.")
    quantity: int = shown(to=ANYONE, says="How many units.")
    unit_price: Money | None = shown(to=AMOUNTS, by=answers.money_in("unit_price"), says="The price of one.")
    payable: Money | None = shown(
        to=AMOUNTS, by=answers.money_in("payable"), says="Of all its units, after its share of the discount."
    )


@entity(
    row=answers.ShopOrderRow,
    by=answers.orders_by_key,
    says="What one shop delivers of a trade (店铺订单).",
    to=OWNER_OF_IT | ORDER_STAFF,
)
class ShopOrder:
    id: ID = shown(to=ANYONE, says="Its id.")
    state: OrderState = shown(to=ANYONE, says="How far it is.", sieve=by_value("state", OrderState, counts=True))  # type: ignore[valid-type]
    shop: "Shop" = shown(to=ANYONE, by=answers.shops_of, says="The shop that delivers.")
    buyer: "Member | None" = shown(to=OWNER_OF_IT, by=answers.buyers_of, says="Who bought.")
    trade: "TradeOrder | None" = shown(to=OWNER_OF_IT, by=answers.trades_of, says="The trade that it is part of.")
    goods: Money | None = shown(to=AMOUNTS, by=answers.money_in("goods"), says="The price of its lines together.")
    discount: Money | None = shown(to=AMOUNTS, by=answers.money_in("discount"), says="What came off.")
    freight: Money | None = shown(to=AMOUNTS, by=answers.money_in("freight"), says="What delivery costs (运费).")
    payable: Money | None = shown(
        to=AMOUNTS,
        by=answers.money_in("payable"),
        says="goods - discount + freight.",
        sieve=by_money("payable", sorts=True),
    )
    placed_at: datetime = shown(to=ANYONE, says="When it was placed.", sieve=by_time("placed_at", sorts=True))
    paid_at: datetime | None = shown(to=ANYONE, says="When it was paid; null where it was not.")
    completed_at: datetime | None = shown(to=ANYONE, says="When it was completed; null where it is not.")
    lines: Connection[OrderLine] | None = shown(to=ANYONE, by=answers.lines_of, says="What was ordered.")


@private(to=OWNER_OF_IT, says="One checkout and its one payment, for all shops together (交易单).")
class TradeOrder:
    id: ID = shown(to=ANYONE, says="Its id.")
    payable: Money = shown(to=ANYONE, by=answers.money_in("payable"), says="The sum of its orders.")
    placed_at: datetime = shown(to=ANYONE, says="When it was placed.")
    orders: Connection[ShopOrder] | None = shown(to=ANYONE, by=answers.orders_of_trades, says="Its order at each shop.")


ShopOrderWhere, ShopOrderOrder, ShopOrderFacet = where_of(ShopOrder), order_of(ShopOrder), facet_of(ShopOrder)
_LISTED = {"where": ShopOrderWhere | None, "order_by": ShopOrderOrder | None}


@entity(row=answers.ShopKey, by=answers.shops_by_key, says="A merchant's shop (店铺).")
class Shop:
    id: ID = shown(to=ANYONE, says="Its id.")
    orders: Connection[ShopOrder] | None = shown(
        to=ORDER_STAFF, by=answers.orders_of_shops, inputs=_LISTED, says="Its orders, by default newest first."
    )
    order_facets: list[Facet] | None = shown(
        to=ORDER_STAFF,
        by=answers.facets_of_orders,
        inputs={"by": ShopOrderFacet, "where": ShopOrderWhere | None},
        says="How many of its orders have which value of a field, the commonest first.",
    )
    bands: Connection[ShopBand] | None = shown(
        to=BANDS, by=market.bands_of, says="Where it stands, month by month, newest first."
    )
    coupon_offers: Connection[CouponOffer] | None = shown(
        to=PROMOTERS, by=wallet.offers_of_shops, says="Its offers of coupons, planned, running and over."
    )
    oversight_cases: Connection[OversightCase] | None = shown(
        to=THE_SHOP | WATCHERS, by=oversight.cases_of, says="Why and when the platform read its orders, newest first."
    )


@entity(row=answers.MemberKey, by=answers.members_by_key, says="A person who buys (会员).")
class Member:
    id: ID = shown(to=ANYONE, says="Its id.")
    orders: Connection[ShopOrder] | None = shown(
        to=OWNER_OF_IT,
        by=answers.orders_of_members,
        inputs=_LISTED,
        says="What the member ordered, by default newest first.",
    )
    coupons: Connection[Coupon] | None = shown(
        to=OWNER_OF_IT, by=wallet.coupons_of, says="The member's coupons in one state, the soonest to expire first."
    )


@federation.type
class Query:
    order: ShopOrder | None = shown(
        to=(OWNER_OF_IT | ORDER_STAFF).hats,
        by=answers.order,
        inputs={"id": ID},
        says="One order; null where there is none of that id among those you may see.",
    )
    coupon_offers: Connection[CouponOffer] | None = shown(
        to=ANYONE, by=wallet.coupon_offers, says="Coupons that may be taken now."
    )
