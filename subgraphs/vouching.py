"""Answers of a service to guests, and for how long it vouches for them: the gateway may show them to others until then.

It vouches for what is the same for every guest, by the promise of each batch function, and was read through its cache:
the same that a process which has all subgraphs keeps as parts (docs/execution.md, "Parts that are kept").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kit.records import Record
from resolvers.context import Context
from resolvers.database import CACHE
from subgraphs.answers import Answer
from subgraphs.requests import STANDS
from subgraphs.runtime import Subgraph


async def vouched_answer(
    subgraph: Subgraph,
    query: str,
    variables: Mapping[str, Any],
    context: Context,
    *,
    operation_name: str | None = None,
) -> Answer:
    """The subgraph's answer to a guest; its extensions say for how many seconds it stands, where it does."""
    record = Record(CACHE)
    noted = replace(context, loads=context.loads.noted_in(record))
    answer = await subgraph.answer(query, variables, noted, operation_name=operation_name)
    if answer.errors or not record.stands or not subgraph.is_shared(query):
        return answer
    return replace(answer, extensions={STANDS: record.left})
