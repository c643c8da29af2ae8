"""What one client request means to the subgraphs in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from kit.cache import Cache
from kit.records import Record, Vouched
from kit.viewer import GUEST, Viewer
from resolvers.context import Context, Loads, Tools

STANDS = "stands"
"""In the extensions of a service's answer to a guest: for how many seconds it may still be shown."""


@dataclass(slots=True)
class RequestScope:
    """Who asks, and reads shared over a request's fetches. `loads` makes those of a subgraph; `vouched` is told for how
    long what subgraphs of other processes say stands.
    """

    viewer: Viewer
    tools: Tools = field(default_factory=Tools)
    loads: Callable[[str], Loads] = field(default=lambda subgraph: Loads())
    address: str = ""
    vouched: Vouched | None = None
    _contexts: dict[str, Context] = field(default_factory=dict, init=False)

    def context(self, subgraph: str, *, fresh: bool) -> Context:
        """The context of a subgraph; a mutation gets a `fresh` one, since what was read before may have changed."""
        if fresh or subgraph not in self._contexts:
            self._contexts[subgraph] = Context(self.viewer, self.tools, self.loads(subgraph), self.address)
        return self._contexts[subgraph]


@dataclass(frozen=True, slots=True)
class CacheLedger:
    """Records what requests read through the cache of this process: the `Ledger` of the mall's engine."""

    cache: Cache
    whole = False

    @property
    def trusted(self) -> bool:
        """Whether the cache is."""
        return self.cache.trusted

    def is_anonymous(self, scope: RequestScope) -> bool:
        """Whether a guest asks."""
        return scope.viewer == GUEST

    def recorded(self, scope: RequestScope, count: int) -> Sequence[tuple[RequestScope, Record]]:
        """So many scopes of a guest with their records. They share their reads with each other and with nobody else:
        what somebody read before the records were begun may have changed since."""
        together: dict[str, Loads] = {}

        def scope_of(record: Record) -> RequestScope:
            return replace(scope, viewer=GUEST, loads=lambda name: together.setdefault(name, Loads()).noted_in(record))

        records = [Record(self.cache) for _ in range(count)]
        return [(scope_of(record), record) for record in records]


@dataclass(frozen=True, slots=True)
class VouchingLedger:
    """Records for how long services vouch for what they say to guests: the `Ledger` of an engine that only speaks to
    services."""

    trusted = True
    whole = True

    def is_anonymous(self, scope: RequestScope) -> bool:
        """Whether a guest asks."""
        return scope.viewer == GUEST

    def recorded(self, scope: RequestScope, count: int) -> Sequence[tuple[RequestScope, Vouched]]:
        """So many scopes of a guest with their records."""
        vouched = [Vouched() for _ in range(count)]
        return [(replace(scope, viewer=GUEST, vouched=one), one) for one in vouched]
