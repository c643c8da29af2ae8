"""The trail of products, and its seals."""

from __future__ import annotations

from models.audit import AuditRow, SealRow, UnsealedRow


class ProductsAudit(AuditRow):
    class Meta:
        table = "products_audit"
        indexes = (("shop_id", "id"), ("viewer_id", "id"), ("object_id", "id"))


class ProductsUnsealed(UnsealedRow):
    class Meta:
        table = "products_audit_unsealed"


class ProductsSeal(SealRow):
    class Meta:
        table = "products_audit_seal"
