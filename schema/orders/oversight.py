"""Break-glass: how the platform reads orders of a shop, for once, on record."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import federation
from strawberry.types import Info

from models import states
from models.acts import Act
from models.states import PlatformRole, StaffRole
from resolvers.context import Context
from resolvers.orders import oversight as answers
from schema import payload
from schema.access import ANYONE, platform, seller, shown
from schema.entity import node, private
from schema.scalars import ID, Connection, Money

if TYPE_CHECKING:
    from schema.orders.order import Member, OrderLine, Shop

OrderState = strawberry.enum(states.OrderState, description="How far an order is (订单状态).")
CaseField = strawberry.enum(
    states.CaseField, description="What a case opens of a shop's orders, beside their numbers and states."
)
READERS = platform(PlatformRole.RISK)
APPROVERS = platform(PlatformRole.SECURITY)
WATCHERS = READERS | APPROVERS | platform(PlatformRole.AUDITOR)
THE_SHOP = seller(StaffRole.OWNER)


@private(to=READERS, says="An order as a case opens it. What the case does not open is null, with an error.")
class CaseOrder:
    id: ID = shown(to=ANYONE, says="The order's id.")
    state: OrderState = shown(to=ANYONE, by=answers.states_of, says="How far it is.")  # type: ignore[valid-type]
    placed_at: datetime = shown(to=ANYONE, by=answers.moments_of, says="When it was placed.")
    payable: Money | None = shown(to=ANYONE, by=answers.amounts_of, says="What it cost; where the case opens AMOUNTS.")
    buyer: Annotated["Member", strawberry.lazy("schema.orders.order")] | None = shown(
        to=ANYONE, by=answers.buyers_of, says="Who bought; where the case opens BUYERS."
    )
    lines: Connection[Annotated["OrderLine", strawberry.lazy("schema.orders.order")]] | None = shown(
        to=ANYONE, by=answers.lines_of, says="What was ordered; where the case opens LINES."
    )


@private(
    to=WATCHERS | THE_SHOP,
    says="Why somebody of the platform reads orders of a shop, what of them, until when, and who agreed (调查单).",
)
class OversightCase:
    id: ID = shown(to=ANYONE, says="Its id.")
    shop: Annotated["Shop", strawberry.lazy("schema.orders.order")] = shown(
        to=ANYONE, by=answers.shops_of, says="The shop whose orders they are."
    )
    reason: str = shown(to=ANYONE, says="Why.")
    fields: list[CaseField] = shown(to=ANYONE, by=answers.fields_of, says="What it opens.")  # type: ignore[valid-type]
    hours: int = shown(to=ANYONE, says="How long it is open once it is approved.")
    opened_by: ID | None = shown(to=WATCHERS, says="Who asked.")
    opened_at: datetime = shown(to=ANYONE, says="When.")
    approved_by: ID | None = shown(to=WATCHERS, says="The second person, who agreed.")
    approved_at: datetime | None = shown(to=ANYONE, says="When; null where nobody has.")
    expires_at: datetime | None = shown(to=ANYONE, says="Until when it is open; null where nobody has agreed.")
    closed_at: datetime | None = shown(to=ANYONE, says="When it was closed before its time.")
    orders: Connection[CaseOrder] | None = shown(
        to=READERS,
        by=answers.orders_of,
        says="The shop's orders, newest first. Each reading is on record before it is answered; the shop sees it.",
    )


@federation.type
class Query:
    oversight_case: OversightCase | None = shown(to=WATCHERS, by=answers.case, inputs={"id": ID}, says="One case.")
    oversight_cases: Connection[OversightCase] | None = shown(
        to=WATCHERS, by=answers.cases, says="All cases, newest first."
    )


@node(row=answers.CaseRefused, says="The case lacks something.")
class CaseRefused(payload.UserError):
    pass


@node(row=answers.CaseUnknown, says="There is no such case, or it is decided already.")
class CaseUnknown(payload.UserError):
    pass


@node(row=answers.CaseOwn, says="Whoever opens a case cannot approve it.")
class CaseOwn(payload.UserError):
    pass


OversightError = Annotated[
    CaseRefused | CaseUnknown | CaseOwn, federation.union("OversightError", description="Why a case did not move.")
]


@federation.type(description="The case as it stands now, or why it did not move.")
class OversightPayload:
    result: OversightCase | None = shown(to=ANYONE, says="The case.")
    errors: list[OversightError] = shown(to=ANYONE, says="Why it did not move; empty where it did.")
    warnings: list[payload.UserWarning] = shown(to=ANYONE, says="What else to know.")


@federation.input(description="What is to be read, and why.")
class OpenCaseInput:
    shop_id: ID = federation.field(description="The shop whose orders they are.")
    reason: str = federation.field(description="Why: 10 to 200 letters, without names or numbers of persons.")
    fields: list[CaseField] = federation.field(description="What is needed of them.")  # type: ignore[valid-type]
    hours: int = federation.field(description="For how long, from 1 to 72 hours.")


async def _open(info: Info[Context, Any], input: OpenCaseInput) -> Any:
    return await answers.open_case(
        info.context, shop_id=input.shop_id, reason=input.reason, fields=input.fields, hours=input.hours
    )


async def _approve(info: Info[Context, Any], id: ID) -> Any:
    return await answers.approve_case(info.context, case_id=id)


async def _close(info: Info[Context, Any], id: ID) -> Any:
    return await answers.close_case(info.context, case_id=id)


@federation.type
class Mutation:
    open_oversight_case: OversightPayload | None = shown(
        to=READERS,
        resolver=_open,
        audits=Act.CASE_OPENED,
        says="Ask to read orders of a shop. A second person has to approve it.",
    )
    approve_oversight_case: OversightPayload | None = shown(
        to=APPROVERS,
        resolver=_approve,
        audits=Act.CASE_APPROVED,
        says="Agree to a case that somebody else opened. The shop is told.",
    )
    close_oversight_case: OversightPayload | None = shown(
        to=READERS | APPROVERS, resolver=_close, audits=Act.CASE_CLOSED, says="End a case before its time."
    )
