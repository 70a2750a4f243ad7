"""Waiting for the notices of channels of the database."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable

import asyncpg

from app.database import db


def ignore(_channel: str, _payload: str) -> None:
    """What a listener does with a notice besides ending the wait: nothing."""


class Listener:
    """Waits until one of its channels is notified, on a connection of its own.

    `on_notice` is called with the channel and the payload of each notice at once, and with each channel and "" when
    the connection is new and notices may have been missed.
    """

    def __init__(self, dsn: str, channels: Iterable[str], on_notice: Callable[[str, str], None] = ignore) -> None:
        self._dsn, self._channels, self._on_notice = dsn, list(channels), on_notice
        self._notified = asyncio.Event()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    def wake(self) -> None:
        """End the wait, this one or the next."""
        self._notified.set()

    async def wait(self, seconds: float) -> None:
        """Return when there was a notice since the last wait, or may have been one, or in `seconds`."""
        if self._connection is None or self._connection.is_closed():
            try:
                await self._listen()
            except db.UNAVAILABLE:
                await self.close()
            else:
                for channel in self._channels:
                    self._receive(channel, "")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._notified.wait()
        self._notified.clear()

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=10)
        connection.add_termination_listener(lambda *_: self.wake())
        self._connection = connection
        for channel in self._channels:
            await connection.add_listener(channel, lambda *notice: self._receive(str(notice[2]), str(notice[3])))

    def _receive(self, channel: str, payload: str) -> None:
        self._on_notice(channel, payload)
        self.wake()
