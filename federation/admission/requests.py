"""What a client asks of the engine, and what the caller of the engine grants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """One operation to run: its text, or the id of a persisted document, or an `extensions.persistedQuery` hash (APQ).

    `read_only` refuses mutations with status 405: it came by GET.
    """

    query: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    document_id: str | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Grants:
    """What the asker may do, in the words of `@authenticated`, `@requiresScopes` and `@policy`. Nothing by default.

    `registered_only`: whether the asker may run registered documents only, by their id.
    """

    authenticated: bool = False
    scopes: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    registered_only: bool = False
