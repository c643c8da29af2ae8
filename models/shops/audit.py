"""The trail of shops, and its seals."""

from __future__ import annotations

from models.audit import AuditRow, SealRow, UnsealedRow


class ShopsAudit(AuditRow):
    class Meta:
        table = "shops_audit"
        indexes = (("shop_id", "id"), ("viewer_id", "id"), ("object_id", "id"))


class ShopsUnsealed(UnsealedRow):
    class Meta:
        table = "shops_audit_unsealed"


class ShopsSeal(SealRow):
    class Meta:
        table = "shops_audit_seal"
