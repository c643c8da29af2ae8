"""What a traced run saw: for each field of the response when it was asked for, and when its value was there.

The rows of a level are answered by one call, so the same field of many rows has the times of that call. What is read
off its row takes no time of its own: it has the moment at which the row was there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter_ns

from graphql.pyutils import Path

from federation.execution.compiled.tree import Field

Keys = tuple[str | int, ...]
"""A path in the response."""


@dataclass(frozen=True, slots=True)
class Span:
    """A field of the response. Times in nanoseconds since the trace began."""

    type: str
    parent: str
    start: int
    end: int


@dataclass(slots=True)
class Trace:
    """One traced run: `spans` by path, parents first; `calls` has start and end of the call for a column.

    `clock` counts nanoseconds.
    """

    spans: dict[Keys, Span] = field(default_factory=dict)
    calls: dict[int, tuple[int, int]] = field(default_factory=dict)
    clock: Callable[[], int] = perf_counter_ns
    _began: int = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def now(self) -> int:
        """Nanoseconds since the trace began."""
        return self.clock() - self._began

    def note(self, one: Field, path: Path) -> None:
        """Note a field of the response, after that which it is part of."""
        keys = tuple(path.as_list())
        start, end = self.calls.get(-1 if one.column is None else one.column) or self._there(keys)
        self.spans[keys] = Span(str(one.type), one.parent.name, start, end)

    def _there(self, keys: Keys) -> tuple[int, int]:
        """When the row that a field is read off was there."""
        above = keys[:-1]
        while above and isinstance(above[-1], int):
            above = above[:-1]
        moment = self.spans[above].end if above else 0
        return moment, moment
