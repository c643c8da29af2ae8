"""The trail of members, and its seals."""

from __future__ import annotations

from models.audit import AuditRow, SealRow, UnsealedRow


class MembersAudit(AuditRow):
    class Meta:
        table = "members_audit"
        indexes = (("shop_id", "id"), ("viewer_id", "id"), ("object_id", "id"))


class MembersUnsealed(UnsealedRow):
    class Meta:
        table = "members_audit_unsealed"


class MembersSeal(SealRow):
    class Meta:
        table = "members_audit_seal"
