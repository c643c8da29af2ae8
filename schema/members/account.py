"""Accounts: members, their levels and addresses, what they looked at; and the price that a product has for them."""

from datetime import datetime
from typing import Annotated, Any

from strawberry import federation
from strawberry.types import Info

from resolvers.context import Context
from resolvers.members import account as answers
from schema import payload
from schema.access import ANYONE, MEMBER, OWNER_OF_IT, shown
from schema.entity import entity, node, private
from schema.scalars import ID, Connection, Money


@federation.type(description="A level of membership (会员等级).")
class Level:
    id: ID = shown(to=ANYONE, says="Its id.")
    name: str = shown(to=ANYONE, says="Its name.")
    rank: int = shown(to=ANYONE, says="1 is the lowest.")
    percent: int = shown(to=ANYONE, says="What its members pay of a price: 95 is 5 % off (95折).")


@private(to=OWNER_OF_IT, says="A member's standing on the platform or in a shop (会员身份).")
class Membership:
    id: ID = shown(to=ANYONE, says="Its id.")
    shop: "Shop | None" = shown(to=ANYONE, by=answers.shops_of, says="The shop; null for the platform.")
    level: Level = shown(to=ANYONE, says="The level that it gives.")
    points: int = shown(to=ANYONE, says="Points so far (积分).")
    since: datetime = shown(to=ANYONE, says="Since when.")


@entity(row=answers.ShopKey, by=answers.shops_by_key, says="A merchant's shop (店铺).")
class Shop:
    id: ID = shown(to=ANYONE, says="Its id.")
    my_membership: Membership | None = shown(
        to=MEMBER, by=answers.my_memberships, says="Your standing there; null where you have none."
    )


@entity(row=answers.ProductKey, by=answers.products_by_key, says="What a shop sells (商品).")
class Product:
    id: ID = shown(to=ANYONE, says="Its id.")
    price: Money = shown(to=ANYONE, external=True, says="What its cheapest choice costs.")
    shop: Shop | None = shown(to=ANYONE, external=True, says="Who sells it.")
    member_price: Money | None = shown(
        to=ANYONE,
        by=answers.member_prices,
        requires=["price { amount currency } shop { id }"],
        says="What you pay by your level (会员价); null for guests, and where it is no less than the price.",
    )


@private(
    to=OWNER_OF_IT,
    says="Where a member has things sent (收货地址), masked: `revealAddress` shows street, name and telephone.",
)
class Address:
    id: ID = shown(to=ANYONE, says="Its id.")
    label: str = shown(to=ANYONE, says="What the member calls it, such as 家.")
    city: str = shown(to=ANYONE, says="City (市).")
    district: str = shown(to=ANYONE, says="District (区).")
    receiver: str | None = shown(
        to=OWNER_OF_IT, by=answers.receivers_of, says="Who takes delivery (收货人), masked: 张**."
    )
    phone: str | None = shown(
        to=OWNER_OF_IT, by=answers.phones_of, says="The receiver's telephone, masked: 138****1234."
    )
    is_default: bool = shown(to=ANYONE, says="Whether it is taken unless another is chosen.")


@private(to=OWNER_OF_IT, says="A product that a member looked at (浏览记录).")
class Viewing:
    id: ID = shown(to=ANYONE, says="Its id.")
    product: Product = shown(to=ANYONE, by=answers.products_of, says="The product.")
    at: datetime = shown(to=ANYONE, says="When.")


@entity(row=answers.MemberRow, by=answers.members_by_key, says="A person who buys (会员).")
class Member:
    id: ID = shown(to=ANYONE, says="Its id.")
    nickname: str = shown(to=ANYONE, shareable=True, says="What others call the member (昵称).")
    avatar: str = shown(to=ANYONE, shareable=True, says="Square picture.")
    joined_at: datetime | None = shown(to=OWNER_OF_IT, says="Since when on the platform.")
    phone: str | None = shown(
        to=OWNER_OF_IT, by=answers.phones_of_members, says="The member's telephone, masked: 138****1234."
    )
    level: Level | None = shown(to=OWNER_OF_IT, by=answers.levels_of, says="The level on the platform.")
    memberships: Connection[Membership] | None = shown(
        to=OWNER_OF_IT, by=answers.memberships_of, says="Standings on the platform and in shops."
    )
    addresses: Connection[Address] | None = shown(
        to=OWNER_OF_IT, by=answers.addresses_of, says="Where things are sent."
    )
    viewings: Connection[Viewing] | None = shown(
        to=OWNER_OF_IT, by=answers.viewings_of, says="What the member looked at, newest first."
    )


@federation.type
class Query:
    me: Member | None = shown(
        to=ANYONE, by=answers.me, says="You, under whatever hat; null for guests and for systems."
    )


@node(row=answers.ProductUnknown, says="There is no such product.")
class ProductUnknown(payload.UserError):
    pass


RecordViewingError = Annotated[
    ProductUnknown, federation.union("RecordViewingError", description="Why nothing was remembered.")
]


@federation.input(description="What was looked at.")
class RecordViewingInput:
    product_id: ID = federation.field(description="The product's id.")


@federation.type(description="What was remembered, or why nothing was.")
class RecordViewingPayload:
    result: Viewing | None = shown(to=ANYONE, says="What was remembered.")
    errors: list[RecordViewingError] = shown(to=ANYONE, says="Why nothing was; empty where something was.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@node(row=answers.NicknameRefused, says="The nickname is missing or too long.")
class NicknameRefused(payload.UserError):
    pass


@node(row=answers.AvatarRefused, says="The picture has no https address.")
class AvatarRefused(payload.UserError):
    pass


ChangeProfileError = Annotated[
    NicknameRefused | AvatarRefused,
    federation.union("ChangeProfileError", description="Why the profile did not change."),
]


@federation.input(description="How others see you; what is left out stays.")
class ChangeProfileInput:
    nickname: str | None = federation.field(default=None, description="Up to 20 characters (昵称).")
    avatar: str | None = federation.field(default=None, description="An https address of a square picture.")


@federation.type(description="The member as others see them now, or why nothing changed.")
class ChangeProfilePayload:
    result: Member | None = shown(to=ANYONE, says="You, as you are now.")
    errors: list[ChangeProfileError] = shown(to=ANYONE, says="Why nothing changed; empty where it did.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


async def _record_viewing(info: Info[Context, Any], input: RecordViewingInput) -> Any:
    return await answers.record_viewing(info.context, product_id=input.product_id)


async def _change_profile(info: Info[Context, Any], input: ChangeProfileInput) -> Any:
    return await answers.change_profile(info.context, nickname=input.nickname, avatar=input.avatar)


@federation.type
class Mutation:
    change_profile: ChangeProfilePayload | None = shown(
        to=MEMBER, resolver=_change_profile, says="Change how others see you (修改资料)."
    )
    record_viewing: RecordViewingPayload | None = shown(
        to=MEMBER, resolver=_record_viewing, says="Remember that you looked at a product (浏览)."
    )
