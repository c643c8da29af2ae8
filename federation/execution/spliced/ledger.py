"""What the engine must be told to keep parts of answers: who asks, and whether what was read still stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Record(Protocol):
    """What a part was made of. `len()` counts the values."""

    @property
    def stands(self) -> bool:
        """Whether all of it may still be shown, here and now."""
        ...

    def __len__(self) -> int: ...


class Ledger(Protocol):
    """Keeps records of what batch functions read, or of what was said of it."""

    @property
    def whole(self) -> bool:
        """Whether answers are kept whole: the records are of what subgraphs say, which tell themselves what is the same
        for all who are nobody in particular. Else parts are kept, and records are of what is read in this process."""
        ...

    @property
    def trusted(self) -> bool:
        """Whether it hears of all changes, here and now. Nothing is kept or used while it does not."""
        ...

    def is_anonymous(self, value: Any) -> bool:
        """Whether who asks is nobody in particular, by the opaque `value` of a request's context: batch functions can
        tell no two such requests apart."""
        ...

    def recorded(self, value: Any, count: int) -> Sequence[tuple[Any, Record]]:
        """So many times the value of a context in which nobody in particular asks by the means of `value`, each with
        the record of what is read in it from now on."""
        ...
