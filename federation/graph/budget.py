"""How much work one plan may cost.

A unit is a small piece of work, about ten microseconds: a field gathered, a question of the search, a field written.
Units are counted, not time, so that an operation is planned or refused alike on every machine and every day.
"""

from __future__ import annotations

from dataclasses import dataclass


class OverBudget(Exception):
    """The work is more than was granted."""


@dataclass(slots=True)
class Budget:
    """How many units may still be spent."""

    left: int

    def spend(self, units: int = 1) -> None:
        """Raises OverBudget when nothing is left."""
        self.left -= units
        if self.left < 0:
            raise OverBudget
