"""The trail of content, and its seals."""

from __future__ import annotations

from models.audit import AuditRow, SealRow, UnsealedRow


class ContentAudit(AuditRow):
    class Meta:
        table = "content_audit"
        indexes = (("shop_id", "id"), ("viewer_id", "id"), ("object_id", "id"))


class ContentUnsealed(UnsealedRow):
    class Meta:
        table = "content_audit_unsealed"


class ContentSeal(SealRow):
    class Meta:
        table = "content_audit_seal"
