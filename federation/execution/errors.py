"""What went wrong at the subgraphs, said in the client's terms: its paths, a code and the service, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from federation.errors import SubgraphError, told_code, told_message
from federation.execution.entities import Batch
from federation.execution.response import Path, visible_path
from federation.planning.nodes import Fetch, QueryPlan, Segment

Rendered = dict[str, Any]


def of_failure(error: SubgraphError, fetch: Fetch, plan: QueryPlan, data: Any) -> Iterator[Rendered]:
    """A fetch that had no answer: an error for each root field, or for each place down to which all entities lie."""
    roots = [(*certain_path(fetch.path, data), key) for key in fetch.roots]
    entities = (certain_path(source.path, data) for call in fetch.calls for source in call.sources)
    for known in dict.fromkeys(roots or entities):
        path = visible_path(plan.shape, known, data)
        where = {"path": list(path)} if path else {}
        yield {"message": error.message, **where, "extensions": {"code": error.code, "service": fetch.service}}


def certain_path(segments: tuple[Segment, ...], data: Any) -> Path:
    """The part of a path before it branches into lists."""
    path: list[str | int] = []
    for segment in segments:
        path.append(segment.key)
        data = data.get(segment.key) if type(data) is dict else None
        if type(data) is list:
            break
    return tuple(path)


def of_answer(
    errors: list[dict[str, Any]], fetch: Fetch, batches: dict[str, Batch], plan: QueryPlan, data: Any
) -> Iterator[Rendered]:
    """Errors in a subgraph's answer. Those of one entity stand at the first object that asked for it."""
    for error in errors:
        keys = client_keys(error.get("path"), fetch, batches, data)
        path = visible_path(plan.shape, keys, data)
        rendered: Rendered = {"message": told_message(error, fetch.service)}
        if path:
            rendered["path"] = list(path)
        rendered["extensions"] = {"code": told_code(error), "service": fetch.service}
        yield rendered


def client_keys(path: Any, fetch: Fetch, batches: dict[str, Batch], data: Any) -> Path:
    """An error's path from the root of the whole response."""
    keys = tuple(key for key in path if isinstance(key, (str, int))) if isinstance(path, list) else ()
    if not fetch.calls:
        return (*certain_path(fetch.path, data), *keys)
    batch = batches.get(str(keys[0])) if keys else None
    place = keys[1] if len(keys) > 1 else None
    if batch is None or not isinstance(place, int) or not 0 <= place < len(batch.targets):
        return certain_path(fetch.calls[0].sources[0].path, data)
    target = batch.targets[place][0]
    sources = (source.path for call in fetch.calls for source in call.sources)
    found = next((at for segments in sources if (at := locate(data, segments, target)) is not None), ())
    return (*found, *keys[2:])


def locate(data: Any, segments: tuple[Segment, ...], target: Any) -> Path | None:
    """Where an object stands."""
    if type(data) is list:
        for place, item in enumerate(data):
            below = locate(item, segments, target)
            if below is not None:
                return (place, *below)
        return None
    if not segments:
        return () if data is target else None
    if type(data) is not dict:
        return None
    below = locate(data.get(segments[0].key), segments[1:], target)
    return None if below is None else (segments[0].key, *below)
