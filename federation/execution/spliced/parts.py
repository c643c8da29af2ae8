"""Which root fields of a query may be kept, and for whom.

A root field is a part, with a plan of its own. It may be kept where every field below it, in every fetch, is answered
by a function that promises to be the same for all who may use the part (`Answer.shared`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import count

from federation.execution.compiled.answers import Shared, fewest
from federation.execution.fused import FusedPlans
from federation.planning.nodes import FieldShape, QueryPlan

MAX_ROOTS = 32
"""Root fields of an operation of which parts are kept."""

PlanOf = Callable[[Collection[str]], QueryPlan]
"""The plan of an operation with these root fields only."""

_numbers = count()


@dataclass(frozen=True, slots=True)
class Part:
    """A root field that may be kept for `shared`: its response key, its own plan, and a number that no other has."""

    key: str
    plan: QueryPlan
    shared: Shared
    number: int


@dataclass(frozen=True, slots=True)
class Division:
    """How a plan is answered for some viewers: of `parts` that are kept, and by the `rest`, a plan of its own."""

    keys: tuple[str, ...]
    parts: tuple[Part, ...]
    rest: QueryPlan | None


@dataclass(frozen=True, slots=True)
class Divided:
    """The division of a plan for those who are nobody in particular, and for everybody else; None where nothing of it
    may be kept."""

    anonymous: Division | None
    others: Division | None


def divide(plan: QueryPlan, plan_of: PlanOf, fused: FusedPlans) -> Divided:
    """Divide a plan. Raises PlanError where a part of it has no plan."""
    roots = _roots(plan)
    if plan.kind != "query" or len(roots) > MAX_ROOTS or len({one.alias for one in roots}) != len(roots):
        return Divided(None, None)
    parts = [part for one in roots if one.constant is None for part in _part(one.alias, plan_of, fused)]
    for_everybody = [part for part in parts if part.shared == "everybody"]
    anonymous = _division(roots, parts, plan_of)
    return Divided(anonymous, anonymous if parts == for_everybody else _division(roots, for_everybody, plan_of))


def _roots(plan: QueryPlan) -> tuple[FieldShape, ...]:
    by_type = plan.shape.by_type or {}
    return by_type.get(plan.shape.type, plan.shape.fields)


def _part(key: str, plan_of: PlanOf, fused: FusedPlans) -> Iterator[Part]:
    plan = plan_of([key])
    found = fused.of(plan)
    shared: Shared = "nobody" if found is None else fewest(fusion.piece.compiled.shared for fusion in found.fusions)
    if shared != "nobody":
        yield Part(key, plan, shared, next(_numbers))


def _division(roots: Collection[FieldShape], parts: list[Part], plan_of: PlanOf) -> Division | None:
    if not parts:
        return None
    known = {part.key for part in parts}
    rest = [one.alias for one in roots if one.alias not in known]
    return Division(tuple(one.alias for one in roots), tuple(parts), plan_of(rest) if rest else None)
