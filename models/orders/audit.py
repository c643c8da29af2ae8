"""The trail of orders, and its seals."""

from __future__ import annotations

from models.audit import AuditRow, SealRow, UnsealedRow


class OrdersAudit(AuditRow):
    class Meta:
        table = "orders_audit"
        indexes = (("shop_id", "id"), ("viewer_id", "id"), ("object_id", "id"))


class OrdersUnsealed(UnsealedRow):
    class Meta:
        table = "orders_audit_unsealed"


class OrdersSeal(SealRow):
    class Meta:
        table = "orders_audit_seal"
