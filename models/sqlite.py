"""Tortoise's SQLite client: raw reads; transactions that take the write lock at once and tell their changes.

A deferred BEGIN that reads and then writes fails at once with "database is locked" when another process wrote in
between; BEGIN IMMEDIATE waits its turn (`busy_timeout`), so that commands work beside a live demo server.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from models.changes import Changes, is_read, writes_in
from models.recording import RecordingClient, RecordingTransaction


class _Reads:
    """What a connection and a transaction share."""

    acquire_connection: Callable[[], Any]
    log: Any

    @translate_exceptions
    async def rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows that a statement with `?` for each value brings: one hop to the thread that owns the connection."""
        async with self.acquire_connection() as connection:
            self.log.debug("%s: %s", sql, values)
            return list(map(tuple, await connection.execute_fetchall(sql, values)))


class _ImmediateTransaction(_Reads, RecordingTransaction, SqliteTransactionWrapper):
    begins = "BEGIN IMMEDIATE"

    def __init__(self, connection: SqliteClient, changes: Changes) -> None:
        super().__init__(connection)
        self.changes = changes

    async def begin(self) -> None:
        try:
            await self._connection.commit()
            await self._connection.execute(self.begins)
        except sqlite3.OperationalError as exc:
            raise TransactionManagementError(exc) from exc

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[Any, Any]]:
        self.changes.note(query, [values or ()])
        rows: list[dict[Any, Any]] = await super().execute_query_dict(query, values)
        return rows

    def moment(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat(" ")

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(_ImmediateTransaction(self, self.changes))


class _Snapshot(_ImmediateTransaction):
    """Reads as of the first of them, while others write."""

    begins = "BEGIN"


class ImmediateSqliteClient(_Reads, RecordingClient, SqliteClient):
    """The process's connection to its file."""

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[Any, Any]]:
        if is_read(query) or not writes_in(query):
            rows: list[dict[Any, Any]] = await super().execute_query_dict(query, values)
            return rows
        async with self._in_transaction() as connection:
            return await connection.execute_query_dict(query, values)

    def _in_transaction(self) -> TransactionContext:
        return _OwnTurn(_ImmediateTransaction(self, Changes()), self._lock)

    def in_snapshot(self) -> TransactionContext:
        """A transaction that only reads."""
        return _OwnTurn(_Snapshot(self, Changes()), self._lock)


class _OwnTurn(SqliteTransactionContext):
    """One transaction at a time: the lock is held from before it begins until after it ended, also where the one who
    asked for it is cancelled."""

    async def __aenter__(self) -> Any:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._abandon()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    def _abandon(self) -> None:
        """Undo what may have begun in the connection's thread, and let the next one in after that."""
        if self.connection._connection is None:
            self._trxlock.release()
            return
        undone = asyncio.ensure_future(self.connection._connection.rollback())
        undone.add_done_callback(self._let_in)

    def _let_in(self, undone: asyncio.Future[None]) -> None:
        undone.exception()  # a connection that is gone has nothing to undo
        self._trxlock.release()


client_class = ImmediateSqliteClient
