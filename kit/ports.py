"""Ports: what a domain asks of another one now. A process is handed their answers at its start, like a transport.

In one process the answer is a call, between processes a request; who asks does not see the difference. What need not be
known at once travels as a fact instead (`services.events`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Author:
    """A member as others see them."""

    id: str
    nickname: str
    avatar: str


class Members(Protocol):
    """What members tell other domains."""

    async def authors(self, member_ids: Sequence[str]) -> Sequence[Author | None]:
        """Each member as an author, None where there is none. Raises Unavailable where members do not answer."""


class StaffBook(Protocol):
    """What shops tell other domains of who works in them."""

    async def hats(self, member_id: str) -> Mapping[str, str]:
        """Shop id -> the member's role there. Raises Unavailable where shops do not answer."""
        ...
