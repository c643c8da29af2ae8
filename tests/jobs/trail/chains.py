"""Trails with a few sealed rows, for tests that do something to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tortoise import connections

from jobs.trail.sealer import seal
from kit.notary import Notaries, Notary
from kit.viewer import GUEST
from models.acts import Act
from models.base import connection_name, unit_of_work
from models.protection import lifted
from services.audit import record

NOTARY = Notary(Ed25519PrivateKey.from_private_bytes(b"n" * 32))
TRUSTED = Notaries([NOTARY.public])


async def act(domain: str = "orders", object_id: str = "ses_1", **more: Any) -> str:
    async with unit_of_work(domain):
        return await record(domain, Act.SESSION_OPENED, viewer=GUEST, object_id=object_id, **more)


async def sealed_acts(domain: str = "orders", *, seals: int = 4, rows: int = 3) -> list[list[str]]:
    """The ids of the rows under each seal."""
    made = []
    for number in range(seals):
        made.append([await act(domain, f"ses_{number}_{row}") for row in range(rows)])
        assert await seal(domain, NOTARY) == rows
    return made


@asynccontextmanager
async def by_force(domain: str = "orders") -> AsyncIterator[Any]:
    """What somebody can do who rules the database: anything."""
    async with lifted(domain):
        connection = connections.get(connection_name(domain))
        for table in (f"{domain}_audit", f"{domain}_audit_seal"):
            for name in ("update", "replace"):
                if connection.capabilities.dialect == "sqlite":
                    await connection.execute_query(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
        yield connection
