"""A query plan of this process as one piece of Python: its fetches hand over rows and columns, one completion makes
the client's answer of them.

    spots      which fetch has the rows of an object, and which others say more of it
    views      what the client wants of the objects at a spot, and what a representation says of them
    joining    units for a view: the loops of the completion, with joins between fetches
    writing    writes them                              asked    is what the written code calls
    plan       fuses a plan
    running    runs it
    known      what was resolved, as answers for the ordinary executor, where a run meets what it does not expect
    cache      which plans are fused, and how many are kept

`docs/execution.md` tells it at length.
"""

from federation.execution.fused.cache import FusedPlans
from federation.execution.fused.known import Known, known_answers
from federation.execution.fused.plan import FusedPlan, fuse
from federation.execution.fused.running import FusedRun
from federation.execution.fused.spots import NotFusable

__all__ = ["FusedPlan", "FusedPlans", "FusedRun", "Known", "NotFusable", "fuse", "known_answers"]
