"""Answers for break-glass: cases, and the orders that are read under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.errors import Forbidden, NotFound
from kit.money import Money
from kit.page import Connection, Page
from kit.payload import Payload, UserError
from kit.viewer import Viewer
from models.feeds import equal
from models.orders import oversight_reads as reads
from models.orders.reads import LINES, ORDERS
from models.orders.rows import CaseRow, LineRow, ShopOrderRow
from models.repeating import carry_out
from models.scope import Scope
from models.states import CaseField
from resolvers.context import Context, Loads
from resolvers.feeds import listed, listed_within
from resolvers.keys import ById, found
from resolvers.orders.keys import MemberKey, shops_of
from services.orders import oversight as rules
from services.orders.oversight import CaseOwn, CaseRefused, CaseUnknown

__all__ = ["CaseOwn", "CaseRefused", "CaseRow", "CaseUnknown", "shops_of"]


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """An order as a case opens it."""

    order: ShopOrderRow
    case: CaseRow
    scope: Scope

    @property
    def id(self) -> str:
        return self.order.id


async def case(roots: Sequence[Any], args: ById, loads: Loads) -> list[CaseRow | NotFound]:
    return [found("case", await loads.one(reads.cases_by_id, args.id))] * len(roots)


async def cases(roots: Sequence[Any], args: Page, loads: Loads) -> list[Connection[CaseRow]]:
    return await listed(reads.CASES, [reads.EVERY for _ in roots], args, loads)


async def cases_of(shops: Sequence[Any], args: Page, loads: Loads) -> list[Connection[CaseRow]]:
    return await listed(reads.CASES, [equal(shop_id=shop.id) for shop in shops], args, loads)


async def fields_of(cases: Sequence[CaseRow]) -> list[list[CaseField]]:
    return [[CaseField(field) for field in case.fields_asked] for case in cases]


async def orders_of(
    cases: Sequence[CaseRow], args: Page, viewer: Viewer, loads: Loads
) -> list[Connection[CaseOrder] | Forbidden]:
    """The shop's orders, read once the reading is on record."""
    return [await _read_under(case, args, viewer, loads) for case in cases]


async def _read_under(case: CaseRow, page: Page, viewer: Viewer, loads: Loads) -> Connection[CaseOrder] | Forbidden:
    page.limit()
    scope = await carry_out(
        "orders", rules.note_reading, case.id, viewer=viewer, page=f"{page.first} after {page.after or 'the start'}"
    )
    if scope is None:
        return Forbidden(
            "case.closed", "this case is not open to you now: it is to be approved, and read by its opener"
        )
    (orders,) = await listed_within(scope, ORDERS, [equal(shop_id=case.shop_id)], page, loads)
    return Connection(
        [edge.showing(CaseOrder(edge.node, case, scope)) for edge in orders.edges], orders.page_info, orders.of
    )


def _opened(row: CaseOrder, field: CaseField) -> Forbidden | None:
    if field in row.case.fields_asked:
        return None
    return Forbidden("case.field", f"this case does not open {field}")


async def states_of(rows: Sequence[CaseOrder]) -> list[str]:
    return [row.order.state for row in rows]


async def moments_of(rows: Sequence[CaseOrder]) -> list[Any]:
    return [row.order.placed_at for row in rows]


async def amounts_of(rows: Sequence[CaseOrder]) -> list[Money | Forbidden]:
    return [_opened(row, CaseField.AMOUNTS) or Money(row.order.payable, row.order.currency) for row in rows]


async def buyers_of(rows: Sequence[CaseOrder]) -> list[MemberKey | Forbidden]:
    return [_opened(row, CaseField.BUYERS) or MemberKey(row.order.member_id) for row in rows]


async def lines_of(rows: Sequence[CaseOrder], args: Page, loads: Loads) -> list[Connection[LineRow] | Forbidden]:
    return [_opened(row, CaseField.LINES) or await _lines(row, args, loads) for row in rows]


async def _lines(row: CaseOrder, page: Page, loads: Loads) -> Connection[LineRow]:
    (lines,) = await listed_within(row.scope, LINES, [equal(order_id=row.id)], page, loads)
    return lines


async def open_case(
    context: Context, *, shop_id: str, reason: str, fields: Sequence[CaseField], hours: int
) -> Payload[CaseRow]:
    case = await carry_out(
        "orders", rules.open_case, shop_id, reason=reason, fields=fields, hours=hours, viewer=context.viewer
    )
    return await _payload(context, case)


async def approve_case(context: Context, *, case_id: str) -> Payload[CaseRow]:
    case = await carry_out("orders", rules.approve, case_id, viewer=context.viewer)
    return await _payload(context, case)


async def close_case(context: Context, *, case_id: str) -> Payload[CaseRow]:
    case = await carry_out("orders", rules.close, case_id, viewer=context.viewer)
    return await _payload(context, case)


async def _payload(context: Context, case: str | UserError) -> Payload[CaseRow]:
    context.loads = Loads()  # what was read before is not true any more
    if isinstance(case, UserError):
        return Payload(errors=(case,))
    return Payload(await context.loads.one(reads.cases_by_id, case))
