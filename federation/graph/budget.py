"""How much work one plan may cost.

A unit is a small piece of work, one to three microseconds: a field gathered or written. A question of the search is
worth several.
Units are counted, not time, so that an operation is planned or refused alike on every machine and every day.
"""

from __future__ import annotations

from dataclasses import dataclass


class OverBudget(Exception):
    """The work is more than was granted."""


BUDGET = 26_000
"""What one plan may cost: under 100 ms. A page of a hundred fields costs about 3,000."""
FIELD_SETS = 500_000
"""What it may cost to read the field sets of a supergraph, which no client writes."""


@dataclass(slots=True)
class Budget:
    """How many units may still be spent."""

    left: int

    def spend(self, units: int = 1) -> None:
        """Raises OverBudget when nothing is left."""
        self.left -= units
        if self.left < 0:
            raise OverBudget
