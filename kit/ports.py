"""Ports: what a domain asks of another one now. A process is handed their answers at its start, like a transport.

In one process the answer is a call, between processes a request; who asks does not see the difference. What need not be
known at once travels as a fact instead (`services.events`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kit.jws import PublicKey


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


@dataclass(frozen=True, slots=True)
class WrappedKeeperKey:
    """A key of the platform, of a shop or of equality search, wrapped by a master key: nothing secret by itself."""

    id: str
    keeper: str
    version: int
    since: datetime
    """From when on it is written with; until then processes come to know it."""
    master_id: str
    wrapped: str

    @property
    def context(self) -> str:
        """What the wrapping is bound to."""
        return f"keeper-key/{self.id}/{self.keeper}/{self.version}"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A person's data key, wrapped by its keeper's key: nothing secret by itself."""

    id: str
    person_id: str
    keeper: str
    wrapped: str
    under: WrappedKeeperKey

    @property
    def context(self) -> str:
        """What the wrapping is bound to."""
        return data_key_context(self.id, self.person_id, self.keeper)


def data_key_context(key_id: str, person_id: str, keeper: str) -> str:
    """What the wrapping of a data key is bound to."""
    return f"data-key/{key_id}/{person_id}/{keeper}"


class Keys(Protocol):
    """What members tell other domains of keys. Nothing secret travels: who asks unwraps by its own master keys."""

    async def wrapped(self, person_ids: Sequence[str]) -> Sequence[WrappedKey]:
        """Every data key of the persons. Raises Unavailable where members do not answer."""
        ...

    async def keeper_keys(self, keeper: str) -> Sequence[WrappedKeeperKey]:
        """Every version of a keeper's key that is in use. Raises Unavailable where members do not answer."""
        ...


@dataclass(frozen=True, slots=True)
class Recall:
    """Tokens of a session, or of a person, that were made until a moment, are called back."""

    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TrustNews:
    """What whoever reads tokens must know."""

    keys: tuple[PublicKey, ...] = ()
    """Every key whose tokens hold now."""
    recalls: tuple[Recall, ...] = ()


class TrustSource(Protocol):
    """What members tell of keys and of tokens, and what shops tell of their staff's."""

    async def news(self, since: datetime) -> TrustNews:
        """All keys, and what was called back since a moment. Raises Unavailable where there is no answer."""
        ...
