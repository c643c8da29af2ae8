"""Money in minor units with its currency; it is split without losing a cent."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Money(msgspec.Struct, frozen=True, gc=False):
    """`amount` minor units (fen 分 of CNY) of `currency` (ISO 4217).

    Sums and comparisons of two currencies raise ValueError.
    """

    amount: int
    currency: str = "CNY"

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def percent(self, rate: int) -> Money:
        """`rate` hundredths of it, half a minor unit rounded up, as price tags do."""
        return Money((self.amount * rate + 50) // 100, self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} cannot be added to or compared with {self.currency}")
        return other.amount


def split(total: Money, weights: Sequence[int]) -> list[Money]:
    """Share `total` by `weights`; the cents left over go to the largest remainders, earlier shares first.

    What is taken back (a negative total) is shared as it was given. Raises ValueError where there is no positive
    weight to share by.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative, and one must be positive")
    amount = abs(total.amount)
    shares = [amount * weight // whole for weight in weights]
    remainders = [amount * weight % whole for weight in weights]
    left = amount - sum(shares)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        shares[index] += 1
    sign = 1 if total.amount >= 0 else -1
    return [Money(sign * share, total.currency) for share in shares]
