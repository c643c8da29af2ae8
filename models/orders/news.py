"""The outbox of orders."""

from __future__ import annotations

from models.base import HeardRow, OutboxRow


class OrdersOutbox(OutboxRow):
    class Meta:
        table = "orders_outbox"


class OrdersHeard(HeardRow):
    class Meta:
        table = "orders_heard"
