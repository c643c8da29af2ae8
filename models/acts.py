"""Every act that leaves a record, with what it means: one page, no ORM. A new sensitive act is a new line here."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """A sensitive act (敏感操作); `says` is what an auditor reads of it."""

    says: str

    def __new__(cls, value: str, says: str) -> Act:
        act = str.__new__(cls, value)
        act._value_ = value
        act.says = says
        return act

    SESSION_OPENED = "session.opened", "somebody signed in"
    SESSION_CLOSED = "session.closed", "somebody ended a session of theirs"
    SESSIONS_CLOSED = "sessions.closed", "somebody ended all sessions of theirs"
    SESSION_STOLEN = "session.stolen", "a refresh token came twice: its session was ended"
    CREDENTIAL_LOCKED = (
        "credential.locked",
        "too many wrong passwords for a number, or from a place: nobody signs in so for a while",
    )
    FACTOR_CONFIRMED = "factor.confirmed", "somebody has a second factor from now on, or another one"
    RECOVERY_CODE_USED = "recovery_code.used", "a recovery code was used in place of a second factor"
    STAFF_ADDED = "staff.added", "a security administrator let somebody work for the platform"
    STAFF_ACTIVATED = "staff.activated", "somebody who works for the platform chose password and second factor"
    STAFF_INVITED_AGAIN = (
        "staff.invited_again",
        "a security administrator let somebody of the platform choose password and second factor anew",
    )
    STAFF_ENDED = "staff.ended", "a security administrator ended somebody's work for the platform"
    ADDRESS_REVEALED = "address.revealed", "an address was shown in full; the reason is the purpose"
    MEMBER_REVEALED = "member.revealed", "a member's telephone was shown in full; the reason is the purpose"
    EXPORT_ASKED = "export.asked", "a member asked for a copy of all that is stored about them"
    EXPORT_TAKEN = "export.taken", "a member took the copy of all that is stored about them"
    MEMBER_ERASED = "member.erased", "a member left, and was erased"
    CONSENT_GIVEN = "consent.given", "a member agreed to a purpose; the reason is its name and version"
    CONSENT_WITHDRAWN = "consent.withdrawn", "a member does not agree to a purpose any more"
    TRAIL_READ = "trail.read", "an auditor read the trail"
    TRAIL_ARCHIVED = "trail.archived", "the older part of a trail went into an archive"
    CASE_OPENED = "case.opened", "somebody of the platform asked to read orders of a shop"
    CASE_APPROVED = "case.approved", "a second person agreed to it"
    CASE_CLOSED = "case.closed", "it was closed before its time"
    CASE_READ = "case.read", "orders of the shop were read under it"
    SHOP_BACKED_UP = "shop.backed_up", "a shop's rows went into an archive"
    SHOP_RESTORED = "shop.restored", "a shop's rows came back from an archive"


class Outcome(StrEnum):
    """How a sensitive act ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
