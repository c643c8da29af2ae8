"""Shops, their branches and staff."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import federation, lazy

from models import states
from resolvers import shops as answers
from schema import audit
from schema.access import ANYONE, LEADERS, SELF, service, shown
from schema.entity import entity, private
from schema.scalars import ID, Connection, Coordinate, Money, PageInfo, Place
from schema.trust import Recall

Trade = strawberry.enum(states.Trade, description="What a shop lives from (行业).")
StaffRole = strawberry.enum(states.StaffRole, description="What a person may do in a shop (岗位).")
NoticeKind = strawberry.enum(states.NoticeKind, description="What a shop is told of.")


@federation.type(description="How a shop's page looks (店铺装修).")
class Decoration:
    theme_color: str = shown(to=ANYONE, says="Main colour, such as #e1251b.")
    cover: str = shown(to=ANYONE, says="Picture across the top.")
    notice: str = shown(to=ANYONE, says="The shop's announcement (公告).")
    template: str = shown(to=ANYONE, says="Name of the page template.")


@federation.type(description="Hours on some days of the week (营业时间).")
class OpeningHours:
    days: list[int] = shown(to=ANYONE, says="Days of the week, 1 is Monday.")
    opens: str = shown(to=ANYONE, says="HH:MM in the city's own time.")
    closes: str = shown(to=ANYONE, says="HH:MM; not after `opens` means on the next day.")


@federation.type(description="Where and how a branch delivers (配送范围).")
class DeliveryZone:
    metres: int = shown(to=ANYONE, says="Radius around the branch.")
    minimum: Money = shown(to=ANYONE, says="The smallest order that is delivered (起送价).")
    fee: Money = shown(to=ANYONE, says="What delivery costs (配送费).")
    preparation_minutes: int = shown(to=ANYONE, says="From the order to the rider's departure.")


@entity(row=answers.BranchRow, by=answers.branches_by_key, says="A place of a shop (门店).")
class Branch:
    id: ID = shown(to=ANYONE, says="Its id.")
    name: str = shown(to=ANYONE, says="Its name, such as 静安寺店.")
    city: str = shown(to=ANYONE, says="City (市).")
    district: str = shown(to=ANYONE, says="District (区).")
    address: str = shown(to=ANYONE, says="Street and number.")
    phone: str = shown(to=ANYONE, says="The branch's public telephone.")
    place: Place = shown(to=ANYONE, by=answers.places_of, says="Where it is on the map.")
    opening_hours: list[OpeningHours] = shown(to=ANYONE, by=answers.hours_of, says="When it is open.")
    open_now: bool = shown(to=ANYONE, by=answers.open_now, says="Whether it is open at this moment.")
    delivery_zone: DeliveryZone | None = shown(to=ANYONE, by=answers.zones_of, says="Null where it does not deliver.")


@audit.trail
class AuditTrail:
    id: ID = shown(to=ANYONE, says=audit.ID_SAYS)
    shops: Connection[audit.AuditRecord] | None = audit.acts_upon("shops", says="Upon shops and their staff.")


@entity(row=answers.ShopRow, by=answers.shops_by_key, says="A merchant's shop (店铺).")
class Shop:
    id: ID = shown(to=ANYONE, says="Its id.")
    name: str = shown(to=ANYONE, says="Its name.")
    slogan: str = shown(to=ANYONE, says="One line under the name.")
    trade: Trade = shown(to=ANYONE, says="What it lives from.")  # type: ignore[valid-type]
    city: str = shown(to=ANYONE, says="Its home city.")
    logo: str = shown(to=ANYONE, says="Square picture.")
    rating: float = shown(to=ANYONE, says="Mean of its reviews, 0 to 5.")
    rating_count: int = shown(to=ANYONE, says="How many reviews that is.")
    followers: int = shown(to=ANYONE, says="How many members follow it.")
    decoration: Decoration = shown(to=ANYONE, by=answers.decorations_of, says="How its page looks.")
    opened_at: datetime = shown(to=ANYONE, says="Since when it is on the platform.")
    branches: Connection[Branch] | None = shown(to=ANYONE, by=answers.branches_of, says="Its branches.")
    audit_trail: AuditTrail | None = shown(
        to=audit.AUDITED, by=audit.trails_of_shops, says="The sensitive acts upon what is the shop's (审计)."
    )
    staff: Connection[Annotated["Staff", lazy("schema.shops")]] | None = shown(
        to=LEADERS, by=answers.staff_of, says="Who works there."
    )
    notices: Connection[Annotated["Notice", lazy("schema.shops")]] | None = shown(
        to=LEADERS, by=answers.notices_of, says="What the platform owes it to know, newest first (通知)."
    )


@private(to=LEADERS | SELF, says="A person who works in a shop (员工).")
class Staff:
    id: ID = shown(to=ANYONE, says="Its id.")
    shop: Shop | None = shown(to=ANYONE, by=answers.shops_of, says="The shop.")
    name: str | None = shown(to=ANYONE, by=answers.names_of, says="The person's name.")
    role: StaffRole = shown(to=ANYONE, says="What the person may do.")  # type: ignore[valid-type]
    since: datetime = shown(to=ANYONE, says="Since when.")


@private(to=LEADERS, says="What the platform owes a shop to know.")
class Notice:
    id: ID = shown(to=ANYONE, says="Its id.")
    kind: NoticeKind = shown(to=ANYONE, says="What it is.")  # type: ignore[valid-type]
    about_id: ID = shown(to=ANYONE, says="What it is about, such as a case.")
    until: datetime | None = shown(to=ANYONE, says="How long that lasts; null where it does not end.")
    at: datetime = shown(to=ANYONE, says="When that happened.")


@entity(row=answers.MemberRef, by=answers.members_by_key, says="A person who buys (会员).")
class Member:
    id: ID = shown(to=ANYONE, says="Its id.")
    jobs: Connection[Staff] | None = shown(to=SELF, by=answers.jobs_of, says="The shops where they work.")


@federation.type(description="A shop nearby, and how near.")
class NearbyShopEdge:
    node: Shop = shown(to=ANYONE, says="The shop.")
    cursor: str = shown(to=ANYONE, says="Its place in the list.")
    branch: Branch = shown(to=ANYONE, by=answers.branch_nearby, says="The branch that would deliver.")
    distance_metres: int = shown(
        to=ANYONE, by=answers.distance_nearby, says="From the point to the branch, in a straight line."
    )
    delivery_minutes: int = shown(to=ANYONE, by=answers.minutes_nearby, says="From the order to the door.")


@federation.type(description="A page of shops nearby, the nearest first.")
class NearbyShopConnection:
    edges: list[NearbyShopEdge] = shown(to=ANYONE, says="The shops of the page.")
    page_info: PageInfo = shown(to=ANYONE, says="Where the page begins and ends.")


@federation.type(inaccessible=True, description="What a person does in a shop.")
class ShopHat:
    shop_id: ID = shown(to=ANYONE, says="The shop.")
    role: StaffRole = shown(to=ANYONE, says="What the person may do.")  # type: ignore[valid-type]


@federation.type
class Query:
    shop: Shop | None = shown(
        to=ANYONE, by=answers.shop, inputs={"id": ID}, says="One shop; null where there is none of that id."
    )
    audit_trail: AuditTrail | None = shown(to=audit.AUDITORS, by=audit.whole_trail, says="All sensitive acts (审计).")
    shops: Connection[Shop] | None = shown(to=ANYONE, by=answers.shops, says="Open shops, the best rated first.")
    nearby_shops: NearbyShopConnection | None = shown(
        to=ANYONE,
        by=answers.nearby_shops,
        inputs={"at": Coordinate},
        says="Shops that deliver to the point `at` within so many minutes, the nearest first.",
    )
    hats: list[ShopHat] | None = shown(
        to=service("staff"),
        by=answers.hats,
        inputs={"member_id": ID},
        inaccessible=True,
        says="Where a person works, for their token.",
    )
    staff_recalls: list[Recall] | None = shown(
        to=service("trust"),
        by=answers.staff_recalls,
        inaccessible=True,
        says="Tokens of persons whose work in a shop changed since a moment.",
    )
