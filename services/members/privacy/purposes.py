"""What personal data is processed for, and why that is allowed: the page that members agree to (PIPL 7, 17)."""

from __future__ import annotations

from dataclasses import dataclass

from models.states import LegalBasis
from models.states import ProcessingPurpose as Purpose


@dataclass(frozen=True, slots=True)
class Processing:
    """One purpose. Whoever changes what it says gives it the next `version`: consents are to a version."""

    purpose: Purpose
    version: int
    says: str
    data: str
    basis: LegalBasis
    law: str
    kept: str

    @property
    def needs_consent(self) -> bool:
        return self.basis is LegalBasis.CONSENT


PURPOSES: tuple[Processing, ...] = (
    Processing(
        Purpose.ACCOUNT,
        1,
        "To have an account and sign in (账号与登录).",
        "Telephone, nickname, picture, password hash, sessions.",
        LegalBasis.CONTRACT,
        "PIPL 13 (2)",
        "Until you leave.",
    ),
    Processing(
        Purpose.ORDERS,
        1,
        "To sell, deliver, refund and settle what you order (交易履约).",
        "Orders, coupons, places in group-buys, standings in shops.",
        LegalBasis.CONTRACT,
        "PIPL 13 (2); E-commerce Law 31",
        "Three years after an order is completed.",
    ),
    Processing(
        Purpose.DELIVERY,
        1,
        "To bring you what you order (收货配送).",
        "Receiver, telephone, street and place of your addresses.",
        LegalBasis.CONTRACT,
        "PIPL 13 (2)",
        "Until you remove the address, or leave.",
    ),
    Processing(
        Purpose.SECURITY,
        1,
        "To keep accounts safe, and to know who did what (安全与审计).",
        "Sessions, wrong passwords, records of sensitive acts.",
        LegalBasis.DUTY,
        "PIPL 13 (3); Cybersecurity Law 23",
        "Six months at least.",
    ),
    Processing(
        Purpose.RECOMMENDATION,
        1,
        "To show first what you may like (个性化推荐).",
        "Products you looked at and bought, and the categories you like by them.",
        LegalBasis.CONSENT,
        "PIPL 13 (1), 24; E-commerce Law 18",
        "180 days, or until you withdraw.",
    ),
    Processing(
        Purpose.MARKETING,
        1,
        "To tell you of offers (营销通知).",
        "The account on the mini-program's platform.",
        LegalBasis.CONSENT,
        "PIPL 13 (1); Advertising Law 43",
        "Until you withdraw.",
    ),
)


def processing(purpose: Purpose) -> Processing:
    """What the mall says of a purpose today."""
    return next(one for one in PURPOSES if one.purpose is purpose)
