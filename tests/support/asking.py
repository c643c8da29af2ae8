"""Asking one subgraph as the gateway asks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.viewer import GUEST
from resolvers.context import Context
from subgraphs.runtime import Subgraph

Refusal = tuple[str, str | None, str]
"""Code, reason and path of an error."""


async def data_of(
    subgraph: Subgraph, query: str, variables: Mapping[str, Any] | None = None, context: Context | None = None
) -> Any:
    """The data of an answer that must have no errors; a guest asks where there is no context."""
    answer = await subgraph.answer(query, variables or {}, context or Context(GUEST))
    assert answer.errors == []
    return answer.data


async def refused_by(
    subgraph: Subgraph, query: str, variables: Mapping[str, Any] | None = None, context: Context | None = None
) -> tuple[Any, list[Refusal]]:
    """The data of an answer, and its errors in the order of their codes, reasons and paths."""
    answer = await subgraph.answer(query, variables or {}, context or Context(GUEST))
    told = [
        (error["extensions"]["code"], error["extensions"].get("reason"), ".".join(map(str, error.get("path", ()))))
        for error in answer.errors
    ]
    return answer.data, sorted(told)


def nodes(*ids: str) -> dict[str, Any]:
    """A page of which only the ids were asked for."""
    return {"edges": [{"node": {"id": id_}} for id_ in ids]}
