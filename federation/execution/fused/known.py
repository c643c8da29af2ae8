"""What a fused run has resolved, as the answers that the ordinary executor would have got: nothing is asked twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from federation.errors import SubgraphError
from federation.execution.compiled.running import Run
from federation.execution.entities import Batch, identity_of
from federation.execution.fused.asked import Asked
from federation.execution.fused.plan import Fusion
from federation.execution.fused.running import FusedRun
from federation.execution.transport import SubgraphResponse

Rendered = dict[str, Any]


@dataclass(slots=True)
class Known:
    """The answer of one fetch of a fused run; it is rendered when it is asked for."""

    fusion: Fusion
    run: Run
    asked: Sequence[Asked]
    late: bool

    async def answer(self, batches: Mapping[str, Batch]) -> SubgraphResponse | None:
        """The answer to what the ordinary executor asks for; None where it asks for something that was not resolved.

        Raises SubgraphError where the fetch did not come to its end.
        """
        if self.late:
            raise self._timeout()
        places = self._places(batches)
        if places is None:
            return None
        data, errors = await self.fusion.piece.compiled.complete(self.run)
        rendered = [self.fusion.piece.local.rendered(error) for error in errors]
        if data is None or not self.fusion.calls:
            return SubgraphResponse(data, rendered)
        entities = {alias: [data[alias][place] for place in asked] for alias, asked in places.items()}
        return SubgraphResponse(entities, _moved(rendered, places))

    def _timeout(self) -> SubgraphError:
        service = self.fusion.fetch.service
        message = f"Subgraph {service} did not answer before the request's deadline"
        return SubgraphError("SUBGRAPH_TIMEOUT", message, service)

    def _places(self, batches: Mapping[str, Batch]) -> dict[str, list[int]] | None:
        """Where the representations of each call stand among those that were asked for."""
        found: dict[str, list[int]] = {}
        for call, asked in zip(self.fusion.calls, self.asked, strict=True):
            known = {identity_of(one): place for place, one in enumerate(asked.representations)}
            places = [known.get(identity_of(one)) for one in batches[call.key].representations]
            if None in places:
                return None
            found[call.key] = places  # type: ignore[assignment]
        return found


def _moved(errors: Iterable[Rendered], places: Mapping[str, list[int]]) -> list[Rendered]:
    """The errors where their entities stand for the ordinary executor, in that order, without those of entities that it
    does not ask for."""
    now = {(alias, then): (alias, place) for alias, asked in places.items() for place, then in enumerate(asked)}
    order = {moved: number for number, moved in enumerate(now.values())}
    found: list[tuple[int, Rendered]] = []
    for error in errors:
        path = tuple(error.get("path", ()))
        if len(path) < 2:
            found.append((-1, error))
        elif moved := now.get(path[:2]):
            found.append((order[moved], {**error, "path": [*moved, *path[2:]]}))
    return [error for _, error in sorted(found, key=itemgetter(0))]


def known_answers(run: FusedRun) -> dict[int, Known]:
    """What a fused run has resolved, by number of fetch."""
    return {
        fusion.fetch.number: Known(fusion, run.runs[fusion.fetch.number], run.asked.get(fusion.fetch.number, ()), late)
        for fusion in run.fused.fusions
        for late in [fusion.fetch.number in run.late]
        if late or fusion.fetch.number in run.resolved
    }
