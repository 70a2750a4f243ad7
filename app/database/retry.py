"""A connection that retries statements while the database is unavailable."""

import asyncio
from typing import Any

import asyncpg

from app.database import db
from app.database.functions import qualified


class RetryingConnection:
    """A connection for one caller, for statements that may be repeated after a lost answer."""

    def __init__(self, dsn: str, *, timeout: float = 10, patience: float = 5, is_pooled: bool = False) -> None:
        self._dsn, self._timeout, self._patience, self._is_pooled = dsn, timeout, patience, is_pooled
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def fetch(self, sql: str, *args: Any, with_retry_flag: bool = False) -> list[asyncpg.Record]:
        """Rows of `sql`, retried on a new connection for `patience` seconds while the database is unavailable.

        With `with_retry_flag` the last argument tells the statement whether it may have been executed before.

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
            return await asyncpg.connect(
                self._dsn,
                timeout=self._timeout,
                command_timeout=self._timeout,
                server_settings={"timezone": "UTC"},
                **db.connection_options(self._is_pooled),
            )
        except asyncpg.PostgresError as error:  # whatever the reason, it is not the statement
            raise ConnectionError from error

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close(timeout=2)
