"""Waiting for the notices of a channel of the database."""

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg

from app.database import db


class Listener:
    """Rings when a channel of the database is notified, on a connection of its own.

    `heard` is told each notice's payload at once, and "" when it listens anew and may have missed some.
    """

    def __init__(self, dsn: str, channel: str, heard: Callable[[str], None] | None = None) -> None:
        self._dsn, self._channel, self._heard = dsn, channel, heard
        self._rung = asyncio.Event()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    def ring(self) -> None:
        """Ends the wait, this one or the next."""
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Returns when it has rung since the last wait, or may have while the connection was lost, or in `seconds`."""
        if self._connection is None or self._connection.is_closed():
            try:
                await self._listen()
            except db.UNAVAILABLE:
                await self.close()
            else:
                self._hear("")  # whether it rang before is not known
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()

    async def close(self) -> None:
        """Gives the connection back."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=10)
        connection.add_termination_listener(lambda *_: self.ring())
        self._connection = connection
        await connection.add_listener(self._channel, lambda *notice: self._hear(str(notice[3])))

    def _hear(self, payload: str) -> None:
        if self._heard is not None:
            self._heard(payload)
        self.ring()
