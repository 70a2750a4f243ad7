"""A connection that retries statements while the database is unavailable."""

import asyncio
from typing import Any

import asyncpg

from app.database import db
from app.database.functions import qualified

OWN = "select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()"
END = """select pg_terminate_backend(pid, $3) from pg_stat_activity
    where pid = $1 and backend_start = $2 and usename = current_user"""
END_MS = 1000


class RetryingConnection:
    """A connection for one caller, for statements that may be repeated after a lost answer.

    A new connection first ends the session of the one before, if the server still has it: a statement that was held up
    on its way must not be executed after those that came later. (Through a transaction pooler it never is: its
    transaction ends with its connection.)
    """

    def __init__(self, dsn: str, *, timeout: float = 10, patience: float = 5, is_pooled: bool = False) -> None:
        self._dsn, self._timeout, self._patience, self._is_pooled = dsn, timeout, patience, is_pooled
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._session: asyncpg.Record | None = None  # the process and start of the last connection's session

    async def fetch(self, sql: str, *args: Any, with_retry_flag: bool = False) -> list[asyncpg.Record]:
        """Rows of `sql`, retried on a new connection for `patience` seconds while the database is unavailable.

        With `with_retry_flag` the last argument tells the statement whether it may have been executed before. If then
        what it inserts is there, it is retried once more.

        Raises:
            FeelbackError: 503 with Retry-After if the database stays unavailable.
            RowError: the database refused the statement.
        """
        loop = asyncio.get_running_loop()
        end, pause, again, sql = loop.time() + self._patience, 0.02, False, qualified(sql)
        while True:
            try:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await self._connect()
                arguments = (*args, again) if with_retry_flag else args
                return await self._connection.fetch(sql, *arguments)
            except asyncpg.UniqueViolationError:
                # Its session has ended, and a node of a cluster has committed all the same.
                if not (with_retry_flag and again) or loop.time() + pause > end:
                    raise
            except db.RETRIABLE as error:
                # A value that cannot be encoded is no lost connection.
                if isinstance(error, ValueError) or db.is_own_fault(error):
                    raise
                self._drop()
                if loop.time() + pause > end:
                    raise db.unavailable() from error
            await asyncio.sleep(pause)
            pause, again = min(pause * 2, 0.5), True

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        try:
            connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
                self._dsn,
                timeout=self._timeout,
                command_timeout=self._timeout,
                server_settings={"timezone": "UTC"},
                **db.connection_options(self._is_pooled),
            )
            if not self._is_pooled:
                try:
                    await self._end_session(connection)
                except BaseException:
                    connection.terminate()
                    raise
            return connection
        except asyncpg.PostgresError as error:  # whatever the reason, it is not the statement
            raise ConnectionError from error

    async def _end_session(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        if self._session is not None and await connection.fetchval(END, *self._session, END_MS) is False:
            raise ConnectionError  # it has not ended yet
        self._session = await connection.fetchrow(OWN)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close(timeout=2)
