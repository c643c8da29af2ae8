"""Products: the catalogue, its prices and promotions, and what they contribute to shops."""

from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Annotated, Union

import strawberry
from strawberry import federation

from models import states
from resolvers.money import money_in
from resolvers.products import cards, keys, listings, offers, skus
from resolvers.products import categories as tree
from schema import audit
from schema.access import ANYONE, shown
from schema.entity import entity, node
from schema.filtering import by_id, by_money, by_value, where_of
from schema.scalars import ID, Connection, Money

ProductKind = strawberry.enum(states.ProductKind, description="How a product is sold; it follows from the trade.")
PromotionKind = strawberry.enum(states.PromotionKind, description="How a promotion works (促销方式).")


@strawberry.enum(description="What a medium is.")
class MediaKind(StrEnum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"


@federation.type(description="A picture or a video of a product.")
class Media:
    kind: MediaKind = shown(to=ANYONE, says="Picture or video.")
    url: str = shown(to=ANYONE, says="Where it is.")
    alt: str = shown(to=ANYONE, says="What it shows, for those who cannot see it.")


@node(row=cards.WeighedDetails, says="What only weighed goods have (称重商品).")
class WeighedDetails:
    unit: str = shown(to=ANYONE, says="What the price is for, such as 500g.")


@node(row=cards.DishDetails, says="What only a dish has (菜品).")
class DishDetails:
    spice: int = shown(to=ANYONE, says="How hot it is (辣度), 0 is not hot at all.")


@node(row=cards.AppointmentDetails, says="What only an appointment has (预约服务).")
class AppointmentDetails:
    minutes: int = shown(to=ANYONE, says="How long it takes.")


@node(row=cards.NightDetails, says="What only a night has (酒店房型).")
class NightDetails:
    guests: int = shown(to=ANYONE, says="How many may sleep in the room.")


ProductDetails = Annotated[
    Union[WeighedDetails, DishDetails, AppointmentDetails, NightDetails],  # noqa: UP007 strawberry wants a typing.Union
    strawberry.union("ProductDetails", description="What only a product's kind has; goods have nothing of their own."),
]


@federation.type(description="The best promotion of a product now (促销标签).")
class PromotionTag:
    kind: PromotionKind = shown(to=ANYONE, says="How it works.")  # type: ignore[valid-type]
    label: str = shown(to=ANYONE, says="What stands on a card, such as 满200减30.")
    price: Money | None = shown(to=ANYONE, says="The price in it; null where it depends on the whole cart.")
    ends_at: datetime = shown(to=ANYONE, says="Until when it holds.")


@entity(row=tree.CategoryRow, by=tree.categories_by_key, says="A node of the platform's category tree (类目).")
class Category:
    id: ID = shown(to=ANYONE, says="Its id.")
    name: str = shown(to=ANYONE, says="Its name.")
    icon: str = shown(to=ANYONE, says="A small picture.")
    parent: "Category | None" = shown(to=ANYONE, by=tree.parents_of, says="What it is under; null for a root.")
    children: "Connection[Category] | None" = shown(
        to=ANYONE, by=tree.children_of, says="What is right under it, in the platform's order."
    )
    products: "Connection[Product] | None" = shown(
        to=ANYONE, by=listings.products_of_categories, says="What is sold in it and below it, the best first."
    )


@entity(row=tree.ShopCategoryRow, by=tree.shelves_by_key, says="A shelf that a shop arranges (店铺分类).")
class ShopCategory:
    id: ID = shown(to=ANYONE, says="Its id.")
    name: str = shown(to=ANYONE, says="Its name.")
    products: "Connection[Product] | None" = shown(
        to=ANYONE, by=listings.products_of_shelves, says="What stands on it, the best first."
    )


@entity(row=listings.ProductRow, by=listings.products_by_key, says="What a shop sells (商品).")
class Product:
    id: ID = shown(to=ANYONE, says="Its id.")
    name: str = shown(to=ANYONE, says="Its name.")
    subtitle: str = shown(to=ANYONE, says="One line under the name.")
    kind: ProductKind = shown(to=ANYONE, says="How it is sold.", sieve=by_value("kind", ProductKind))  # type: ignore[valid-type]
    image: str = shown(to=ANYONE, says="The main picture, square.")
    media: list[Media] = shown(
        to=ANYONE, by=cards.whole(cards.media), says="Pictures and videos, the main picture first."
    )
    tags: list[str] = shown(to=ANYONE, says="A few words each, such as 产地直发.")
    origin: str = shown(
        to=ANYONE,
        by=cards.whole(attrgetter("origin")),
        says="Where it comes from (产地); empty where that says nothing.",
    )
    category: Category | None = shown(
        to=ANYONE, by=cards.categories_of, says="Its leaf of the platform's tree.", sieve=by_id("category_id")
    )
    shop_category: ShopCategory | None = shown(
        to=ANYONE, by=cards.shelves_of, says="Its shelf in the shop; null where it stands on none."
    )
    shop: "Shop | None" = shown(to=ANYONE, by=cards.shops_of, says="Who sells it.", sieve=by_id("shop_id"))
    price: Money = shown(
        to=ANYONE, by=money_in("price"), says="What its cheapest choice costs.", sieve=by_money("price")
    )
    list_price: Money | None = shown(to=ANYONE, by=cards.list_prices_of, says="The crossed-out price (划线价).")
    sales: int = shown(to=ANYONE, says="How many were sold (销量).")
    rating: float = shown(to=ANYONE, says="Mean of its reviews, 0 to 5.")
    rating_count: int = shown(to=ANYONE, says="How many reviews that is.")
    details: ProductDetails | None = shown(to=ANYONE, by=cards.whole(cards.details), says="What only its kind has.")
    promotion: PromotionTag | None = shown(
        to=ANYONE,
        by=cards.promotions_of,
        says="Its best promotion now: its own cheapest one, else one of the whole shop.",
    )
    skus: "Connection[Sku] | None" = shown(to=ANYONE, by=skus.skus_of, says="Its choices, in the shop's order.")
    listed_at: datetime = shown(
        to=ANYONE, by=cards.whole(attrgetter("listed_at")), says="Since when it is sold (上架时间)."
    )


@federation.type(description="One choice of an option.")
class SkuOption:
    name: str = shown(to=ANYONE, says="Of what, such as 颜色.")
    value: str = shown(to=ANYONE, says="Which, such as 米白.")


@federation.type(description="What a SKU has cost since a moment.")
class PriceChange:
    price: Money = shown(to=ANYONE, by=money_in("price"), says="The price.")
    at: datetime = shown(to=ANYONE, says="Since when.")


@entity(row=skus.SkuRow, by=skus.skus_by_key, says="A choice of a product that can be bought (规格).")
class Sku:
    id: ID = shown(to=ANYONE, says="Its id.")
    product: Product | None = shown(to=ANYONE, by=skus.products_of, says="What it is a choice of.")
    options: list[SkuOption] = shown(to=ANYONE, by=skus.options_of, says="What makes it differ from the others.")
    price: Money = shown(to=ANYONE, by=money_in("price"), says="What it costs.")
    list_price: Money | None = shown(to=ANYONE, by=cards.list_prices_of, says="The crossed-out price (划线价).")
    price_history: Connection[PriceChange] | None = shown(
        to=ANYONE, by=skus.history_of, says="What it has cost, the newest price first (价格历史)."
    )


@federation.interface(description="A choice of a product at a promotion price.")
class Offer:
    id: ID = shown(to=ANYONE, says="Its id.")
    product: Product | None = shown(to=ANYONE, by=offers.products_of, says="The product.")
    sku: Sku | None = shown(to=ANYONE, by=offers.skus_of, says="Which choice of it.")
    price: Money = shown(to=ANYONE, by=money_in("price"), says="What it costs in the promotion.")
    label: str = shown(to=ANYONE, says="What stands on a card.")
    starts_at: datetime = shown(to=ANYONE, says="From when.")
    ends_at: datetime = shown(to=ANYONE, says="Until when.")


@entity(row=offers.FlashItemRow, by=offers.flash_items_by_key, says="A product of the flash sale of the hour (秒杀).")
class FlashSaleItem(Offer):
    pass


@entity(
    row=offers.GroupBuyRow,
    by=offers.group_buys_by_key,
    says="A product that buyers take together at a group price (拼团).",
)
class GroupBuy(Offer):
    group_size: int = shown(to=ANYONE, says="How many buyers make a group.")


@federation.type(description="The session of the flash sale that runs now (秒杀场次).")
class FlashSale:
    starts_at: datetime = shown(to=ANYONE, says="When it began.")
    ends_at: datetime = shown(to=ANYONE, says="When it ends.")
    items: Connection[FlashSaleItem] | None = shown(to=ANYONE, by=offers.items_of, says="What it sells, in its order.")


@federation.type(description="A category that is recommended to the viewer, with what is best in it (推荐楼层).")
class Section:
    id: ID = shown(to=ANYONE, says="The id of its category.")
    title: str = shown(to=ANYONE, says="What stands above it.")
    category: Category | None = shown(to=ANYONE, by=tree.themselves, says="The category.")
    products: Connection[Product] | None = shown(
        to=ANYONE, by=listings.products_of_sections, says="What is sold in it, the best first."
    )


@federation.type(description="What a shop promotes (店铺活动).")
class Promotion:
    id: ID = shown(to=ANYONE, says="Its id.")
    kind: PromotionKind = shown(to=ANYONE, says="How it works.")  # type: ignore[valid-type]
    title: str = shown(to=ANYONE, says="What it is called.")
    label: str = shown(to=ANYONE, says="What stands on a card.")
    starts_at: datetime = shown(to=ANYONE, says="From when.")
    ends_at: datetime = shown(to=ANYONE, says="Until when.")


ProductWhere = where_of(Product)


@entity(row=keys.ShopKey, by=keys.shops_by_key, says="A merchant's shop (店铺).")
class Shop:
    id: ID = shown(to=ANYONE, says="Its id.")
    products: Connection[Product] | None = shown(
        to=ANYONE,
        by=listings.products_of_shops,
        inputs={"where": ProductWhere | None},
        says="What it sells, the best first.",
    )
    categories: Connection[ShopCategory] | None = shown(
        to=ANYONE, by=tree.shelves_of, says="Its own shelves, in its order."
    )
    promotions: Connection[Promotion] | None = shown(
        to=ANYONE, by=offers.promotions_of_shops, says="What it promotes now; what ends first comes first."
    )


_BY_ID = {"id": ID}


@audit.trail
class AuditTrail:
    id: ID = shown(to=ANYONE, says=audit.ID_SAYS)
    products: Connection[audit.AuditRecord] | None = audit.acts_upon("products", says="Upon products and their prices.")


@federation.type
class Query:
    product: Product | None = shown(
        to=ANYONE, by=listings.product, inputs=_BY_ID, says="One product; null where none of that id is sold."
    )
    products: Connection[Product] | None = shown(
        to=ANYONE,
        by=listings.products,
        inputs={"where": ProductWhere | None},
        says="What is sold on the platform, the best first.",
    )
    category: Category | None = shown(
        to=ANYONE, by=tree.category, inputs=_BY_ID, says="One category; null where there is none of that id."
    )
    categories: Connection[Category] | None = shown(
        to=ANYONE, by=tree.roots_of_tree, says="The roots of the category tree, in the platform's order."
    )
    sections: Connection[Section] | None = shown(
        to=ANYONE, by=tree.sections, says="Categories that the viewer may like, the best guess first (千人千面)."
    )
    flash_sale: FlashSale | None = shown(to=ANYONE, resolver=offers.flash_sale, says="The flash sale of this hour.")
    group_buys: Connection[GroupBuy] | None = shown(
        to=ANYONE, by=offers.group_buys, says="Group-buys that run; what ends first comes first."
    )
