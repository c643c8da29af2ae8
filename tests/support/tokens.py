"""Tokens as the mall signs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from jobs.demo import sign_in_everybody
from jobs.signing import rotate_when_due
from kit.demo import TOKENS
from kit.jws import SigningKey
from kit.ports import TrustNews
from kit.processes import make_process_keys
from kit.settings import Settings
from kit.tokens import write_token
from kit.viewer import Viewer
from services.members.privacy.keys import own_keychain
from services.members.signing import signing_key
from tests.support.databases import apart

MINUTES = timedelta(minutes=5)


async def token_of(settings: Settings, *viewers: Viewer, lasting: timedelta = MINUTES) -> str:
    """A token for whoever may be any of `viewers`, signed by the key of the open mall, which is made where missing."""
    keychain = own_keychain(settings.master_keys)
    await rotate_when_due(settings, keychain)
    return write_token(await signing_key(keychain.masters), viewers, lasting=lasting)


def tokens_of_people(settings: Settings) -> Mapping[str, str]:
    """A token of each persona of a seeded mall that is open nowhere in this process, as `jobs demo` makes them."""
    apart(sign_in_everybody(settings))
    tokens: dict[str, str] = msgspec.json.decode((settings.home / TOKENS).read_bytes())
    return tokens


def with_process_keys(settings: Settings) -> Settings:
    """The settings, with keys for all processes where they say."""
    if not settings.process_keys.exists():
        make_process_keys(settings.process_keys)
    return settings


@dataclass(slots=True)
class Teller:
    """A source of news that tests write themselves."""

    news_: TrustNews = field(default_factory=TrustNews)
    asked: list[datetime] = field(default_factory=list)
    fails: Exception | None = None

    async def news(self, since: datetime) -> TrustNews:
        self.asked.append(since)
        if self.fails:
            raise self.fails
        return self.news_


def teller_of(*keys: SigningKey) -> Teller:
    return Teller(TrustNews(keys=tuple(key.public for key in keys)))
