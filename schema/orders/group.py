"""Group-buys: groups that wait for buyers."""

from datetime import datetime

from strawberry import federation

from resolvers.orders import group as answers
from schema.access import ANYONE, shown
from schema.entity import entity
from schema.scalars import ID, Connection


@federation.type(description="Buyers who share a group price (团).")
class BuyerGroup:
    id: ID = shown(to=ANYONE, says="Its id.")
    size: int = shown(to=ANYONE, says="How many buyers it needs.")
    taken: int = shown(to=ANYONE, says="How many it has.")
    expires_at: datetime = shown(to=ANYONE, says="Until when it must be full; if it is not, all get their money back.")


@entity(
    row=answers.GroupBuyKey,
    by=answers.group_buys_by_key,
    says="A product that buyers take together at a group price (拼团).",
)
class GroupBuy:
    id: ID = shown(to=ANYONE, says="Its id.")
    open_groups: int | None = shown(to=ANYONE, by=answers.open_groups_of, says="How many groups wait for buyers.")
    places_left: int | None = shown(to=ANYONE, by=answers.places_left_of, says="How many buyers they wait for.")
    groups: Connection[BuyerGroup] | None = shown(
        to=ANYONE, by=answers.groups_of, says="Groups that wait for buyers, the soonest to expire first."
    )
