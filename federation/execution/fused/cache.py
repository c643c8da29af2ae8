"""Which plans are fused, how many are kept, and how often what was the case."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from federation.execution.fused.plan import FusedPlan, fuse
from federation.execution.fused.spots import NotFusable
from federation.execution.transport.local import Local
from federation.planning.nodes import QueryPlan
from federation.preparing import prepared


@dataclass(slots=True)
class _Known:
    """A plan that was seen: how often, and fused or not, for a reason."""

    hits: int = 0
    fused: FusedPlan | None = None
    reason: str | None = None
    kept: bool = True

    @property
    def is_open(self) -> bool:
        """Whether nobody has tried to fuse it yet."""
        return self.fused is None and self.reason is None

    @property
    def size(self) -> int:
        """What it counts against the bound: fields, and something for itself."""
        return 20 + (self.fused.size if self.fused else 0)


@dataclass(slots=True)
class FusedPlans:
    """The fused plans of one supergraph: the least lately used leave once there are more than `max_plans`, or once they
    have more than `max_fields` fields together.

    `ways` has each subgraph of this process by name. A plan is fused when it comes for the `after_hits`-th time.
    `counts` says how often plans were run ("run"), fused ("fuse") and left to the ordinary executor, by reason.
    """

    ways: Mapping[str, Local | None]
    max_plans: int = 1_000
    max_fields: int = 20_000
    after_hits: int = 1
    counts: Counter[str] = field(default_factory=Counter)
    fields: int = 0
    _known: OrderedDict[QueryPlan, _Known] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def __len__(self) -> int:
        return len(self._known)

    async def ready(self, plan: QueryPlan) -> FusedPlan | None:
        """The same as `of`, which takes long the first time, for the event loop."""
        known = self._known.get(plan)
        return await prepared(self.of, plan) if known is None or known.is_open else self.of(plan)

    def of(self, plan: QueryPlan) -> FusedPlan | None:
        """The plan, fused; None, and the reason is counted, where the ordinary executor has to run it."""
        known = self._seen(plan)
        if known.is_open:
            if known.hits < self.after_hits:
                self.counts["cold"] += 1
                return None
            self._fuse(plan, known)
        if known.reason is not None:
            self.counts[known.reason] += 1
        return known.fused

    def _seen(self, plan: QueryPlan) -> _Known:
        with self._lock:
            known = self._known.get(plan)
            if known is None:
                known = self._known[plan] = _Known()
                self.fields += known.size
                self._evict()
            else:
                self._known.move_to_end(plan)
            known.hits += 1
            return known

    def _fuse(self, plan: QueryPlan, known: _Known) -> None:
        self.counts["fuse"] += 1
        before = known.size
        try:
            known.fused = fuse(plan, self.ways)
        except NotFusable as left:
            known.reason = left.reason
        with self._lock:
            if known.kept:
                self.fields += known.size - before
                self._evict()

    def _evict(self) -> None:
        while len(self._known) > 1 and (len(self._known) > self.max_plans or self.fields > self.max_fields):
            _, oldest = self._known.popitem(last=False)
            self.fields -= oldest.size
            oldest.kept = False
