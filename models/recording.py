"""Connections that note what is written, and tell of it with the transaction that wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient

from kit import clock
from kit.changes import Change
from models.cached import CACHE
from models.changes import KIND, Changes, is_read, writes_in


class RecordingClient(BaseDBAsyncClient):
    """A client whose writes of watched tables are transactions, as they tell of themselves."""

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        if not writes_in(query):
            return await super().execute_insert(query, values)
        async with self._in_transaction() as connection:
            return await connection.execute_insert(query, values)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        if not writes_in(query):
            await super().execute_many(query, values)
            return
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[dict[Any, Any]]]:
        if is_read(query) or not writes_in(query):
            return await super().execute_query(query, values)
        async with self._in_transaction() as connection:
            return await connection.execute_query(query, values)

    async def execute_script(self, query: str) -> None:
        """A script commits as it goes; what it changed is told after it."""
        await super().execute_script(query)
        if writes_in(query):
            async with self._in_transaction() as connection:
                assert isinstance(connection, RecordingTransaction)
                connection.changes.note(query, ())


class RecordingTransaction(TransactionalDBClient):
    """A transaction that puts what it changed into the outboxes before it commits, and drops it from the cache after.

    `committed` is what it told.
    """

    changes: Changes
    committed: Sequence[Change] = ()

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        inserted = await super().execute_insert(query, values)
        self.changes.note(query, [values])
        return inserted

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        await super().execute_many(query, values)
        self.changes.note(query, values)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[dict[Any, Any]]]:
        affected, rows = await super().execute_query(query, values)
        if affected:
            self.changes.note(query, [values or ()])
        return affected, rows

    async def execute_script(self, query: str) -> None:
        await super().execute_script(query)
        self.changes.note(query, ())

    async def commit(self) -> None:
        """Commit, with what was changed. It is dropped even where nobody knows whether the commit came through."""
        told = self.changes.taken()
        for change in told:
            await self._tell(change)
        try:
            await super().commit()  # type: ignore[safe-super]  # the driver's, by the order of the bases
        finally:
            for change in told:
                CACHE.apply(change.id, change.changed)
        self.committed = told

    async def _tell(self, change: Change) -> None:
        mark = "?" if self.capabilities.dialect == "sqlite" else "%s"
        statement = f"INSERT INTO {change.domain}_outbox (id, kind, body, at) VALUES ({', '.join([mark] * 4)})"
        values = [change.id, KIND, orjson.dumps(change.changed).decode(), self.moment(clock.now())]
        await super().execute_insert(statement, values)

    def moment(self, value: datetime) -> Any:
        """A moment as the driver takes it."""
        raise NotImplementedError
