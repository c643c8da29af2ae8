"""What the law keeps when a person is erased: one page, named in the answer to the person."""

from __future__ import annotations

from models.personal import Kept

TRANSACTIONS = Kept(
    "E-commerce Law 31 (电子商务法第三十一条)",
    "your orders, what was in them and the coupons you used for them, for three years after they are completed",
)
TRAIL = Kept(
    "Cybersecurity Law 23 (网络安全法第二十三条)",
    "records of sensitive acts, such as signing in or opening a case, for six months at least",
)
CONSENTS = Kept(
    "Personal Information Protection Law 69 (个人信息保护法第六十九条)",
    "what you agreed to and when, for three years, as evidence",
)
ERASURES = Kept(
    "Personal Information Protection Law 47 (个人信息保护法第四十七条)",
    "that you were erased, so that no restored backup brings you back",
)

KEPT = (TRANSACTIONS, TRAIL, CONSENTS, ERASURES)
"""All of it. It stays under a number that names nobody any more."""
