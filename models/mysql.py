"""Tortoise's MySQL client: on the driver that the settings name, with a pool of our own and raw reads, and with
transactions that tell what they change.

Tortoise takes whichever driver it can import and that driver's pool. aiomysql's does not wake who waits when a broken
connection comes back, and a request that is cancelled while its transaction begins keeps the connection forever.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from functools import lru_cache, wraps
from types import TracebackType
from typing import Any, cast

from tortoise.backends.base.client import (
    NestedTransactionContext,
    TransactionContext,
)
from tortoise.backends.mysql.client import MySQLClient, TransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError

from models.changes import Changes
from models.drivers import Driver, driver
from models.pool import Pool
from models.recording import RecordingClient, RecordingTransaction
from models.repeating import Undone

Method = Callable[..., Coroutine[Any, Any, Any]]

PATIENCE_SECONDS = 10.0
"""How long a statement waits for a connection."""
IDLE_SECONDS = 3_600.0

_UNDONE = frozenset({1020, 1205, 1213})
"""The server's numbers for: a row that was read has changed since, a lock was waited for too long, a deadlock."""


def _ours(error: Exception) -> OperationalError:
    """The error that stands for the driver's, which Tortoise may have wrapped already."""
    cause = error.args[0] if isinstance(error, OperationalError) else error
    is_undone = isinstance(cause, Exception) and cause.args[:1] and cause.args[0] in _UNDONE
    return Undone(cause) if is_undone else OperationalError(cause)


def _translated(method: Method) -> Method:
    """`method`, which raises Tortoise's errors in place of those of the driver."""

    @wraps(method)
    async def call(self: Any, *args: Any) -> Any:
        try:
            return await method(self, *args)
        except self.driver.integrity_error as error:
            raise IntegrityError(error) from error
        except IntegrityError:
            raise
        except (self.driver.error, OperationalError) as error:
            raise _ours(error) from error

    return call


@lru_cache(maxsize=1_000)
def _in_mysql(sql: str) -> str:
    """The statement with MySQL's marks for values."""
    return sql.replace("%", "%%").replace("?", "%s")


class _Reads:
    """What a connection and a transaction read."""

    driver: Driver
    acquire_connection: Callable[[], Any]
    log: Any

    async def rows(self, sql: str, values: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        """The rows that a statement with `?` for each value brings, as the driver makes them. Moments are naive UTC."""
        query = _in_mysql(sql)
        self.log.debug("%s: %s", query, values)
        try:
            async with self.acquire_connection() as connection, connection.cursor() as cursor:
                await cursor.execute(query, values)
                found: Sequence[tuple[Any, ...]] = await cursor.fetchall()
                return found
        except self.driver.error as error:
            raise _ours(error) from error


class _Client(MySQLClient):
    """Tortoise's client with Tortoise's errors, whichever the driver."""

    driver: Driver
    _pool: Any  # Tortoise means the driver's pool

    execute_insert = _translated(MySQLClient.execute_insert)
    execute_query = _translated(MySQLClient.execute_query)
    execute_script = _translated(MySQLClient.execute_script)
    execute_many = _translated(MySQLClient.execute_many)


class _InTransaction(TransactionWrapper):
    """The same for its transactions."""

    driver: Driver

    execute_insert = _translated(TransactionWrapper.execute_insert)
    execute_query = _translated(TransactionWrapper.execute_query)
    execute_script = _translated(TransactionWrapper.execute_script)
    execute_many = _translated(TransactionWrapper.execute_many)
    begin = _translated(TransactionWrapper.begin)
    commit = _translated(TransactionWrapper.commit)


class PooledMySQLClient(_Reads, RecordingClient, _Client):
    """All connections of a process to one schema."""

    def __init__(self, **options: Any) -> None:
        self.driver = driver(options.pop("driver", None))
        super().__init__(**options)
        self._options = {
            name: self.extra[name] for name in ("sql_mode", "init_command", "connect_timeout") if name in self.extra
        }

    async def create_connection(self, with_db: bool) -> None:
        """See Tortoise. Connects when the first statement comes."""
        schema = {"db": self.database} if with_db else {}
        address = {"host": self.host, "port": self.port, "user": self.user, "password": self.password, **schema}

        async def connect() -> Any:
            try:
                return await self.driver.connect(**address, autocommit=True, charset=self.charset, **self._options)
            except self.driver.error as error:
                raise DBConnectionError(f"no connection to {self.host}:{self.port}: {error}") from error

        self._pool = Pool(connect, self.driver.usable, self.pool_maxsize, PATIENCE_SECONDS, IDLE_SECONDS)
        await self._post_connect()

    def acquire_connection(self) -> Any:
        return _Borrowed(self)

    async def pool(self) -> Pool:
        """The connections; without any, before the first statement."""
        if self._pool is None:
            await self.create_connection(with_db=True)
        return cast(Pool, self._pool)

    async def _close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    def _in_transaction(self) -> TransactionContext:
        return _PooledTransaction(_Transaction(self, Changes()))

    def in_snapshot(self) -> TransactionContext:
        """A transaction that only reads."""
        return _PooledTransaction(_Snapshot(self, Changes()))


class _Borrowed:
    """A connection for one statement. It is used again where the statement ended with an answer or the server's no."""

    __slots__ = ("_client", "_connection", "_pool")

    def __init__(self, client: PooledMySQLClient) -> None:
        self._client = client

    async def __aenter__(self) -> Any:
        self._pool = await self._client.pool()
        self._connection = await self._pool.acquire()
        return self._connection

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: TracebackType | None) -> None:
        clean = error is None or isinstance(error, self._client.driver.error)
        self._pool.release(self._connection, clean=clean)


class _Transaction(_Reads, RecordingTransaction, _InTransaction):
    """The one connection of a transaction."""

    def __init__(self, parent: Any, changes: Changes) -> None:
        super().__init__(parent)
        self.driver = parent.driver
        self.changes = changes

    def moment(self, value: datetime) -> datetime:
        return value.astimezone(UTC).replace(tzinfo=None)

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(_Transaction(self, self.changes))


class _Snapshot(_Transaction):
    """Reads as of the first of them, whatever the server's own way is."""

    async def begin(self) -> None:
        async with self._connection.cursor() as cursor:
            await cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await super().begin()


class _PooledTransaction(TransactionContext):
    """A transaction on a connection of the pool, which comes back whatever happens; what is not committed is undone."""

    client: _Transaction

    def __init__(self, client: _Transaction) -> None:
        self.client = client

    async def __aenter__(self) -> Any:
        parent = cast(PooledMySQLClient, self.client._parent)
        self._pool = await parent.pool()
        self.client._connection = await self._pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            self._pool.release(self.client._connection, clean=False)
            raise
        self._token = get_connections().set(self.client.connection_name, self.client)
        return self.client

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: TracebackType | None) -> None:
        get_connections().reset(self._token)
        clean = False
        try:
            if error is None:
                await self._commit()
            else:
                await self._roll_back()
            clean = True
        finally:
            self._pool.release(self.client._connection, clean=clean)

    async def _commit(self) -> None:
        if not self.client._finalized:
            await self.client.commit()

    async def _roll_back(self) -> None:
        """A connection that is broken cannot be told; its server undoes what it did, and the error goes on its way."""
        try:
            if not self.client._finalized:
                await self.client.rollback()
        except self.client.driver.error:
            self.client._connection.close()


client_class = PooledMySQLClient
