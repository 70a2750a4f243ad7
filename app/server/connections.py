"""What both servers hold connections to, and an end to those on which no request arrives."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any, Protocol

from app.config import Settings
from app.http.client_address import Addresses
from app.server.resets import Resets

log = logging.getLogger(__name__)
BACKLOG = 1024
HEAD_SECONDS = 20  # from a connection's start, or a head's first byte, to the end of that head
MOST_HALF_OPEN = 100  # connections of one address without a first request
KEEP_ALIVE_SECONDS = 75
MOST_REQUESTS = 100_000  # of one connection
IDLE_SECONDS = 1  # at a stop, for a request that is on its way on a kept-alive connection
ANSWER_SECONDS = 10  # for requests in progress at a stop; after that the application drains its queues


class Connection(Protocol):
    """A connection of either server."""

    async def end(self) -> None:
        """Close it, whatever is under way."""


class ClientConnection(Connection, Protocol):
    """A connection that may owe a head; `address` is its client's, and none of a proxy, which has many clients'."""

    address: bytes


class HalfOpen:
    """The connections of one web process that owe the head of a request, each with the time at which it is due."""

    def __init__(self, settings: Settings) -> None:
        self._addresses = Addresses(settings)
        self._due: dict[ClientConnection, float] = {}
        self._new: dict[bytes, dict[ClientConnection, None]] = {}

    def add(self, connection: ClientConnection, peer: str) -> ClientConnection | None:
        """Expect the first head of a connection.

        Returns the oldest of too many of one address, unless it is a proxy: the caller ends it.
        """
        self.expect(connection)
        if self._addresses.is_proxy(peer):
            return None
        connection.address = self._addresses.of(peer)
        new = self._new.setdefault(connection.address, {})
        new[connection] = None
        if len(new) <= MOST_HALF_OPEN:
            return None
        oldest = next(iter(new))
        self.remove(oldest)
        return oldest

    def expect(self, connection: ClientConnection) -> None:
        """Expect a head within HEAD_SECONDS, unless one is expected already."""
        self._due.setdefault(connection, time.monotonic() + HEAD_SECONDS)

    def remove(self, connection: ClientConnection) -> None:
        """Expect nothing more: the head is there, or the connection has ended."""
        self._due.pop(connection, None)
        new = self._new.get(connection.address)
        if new is not None and new.pop(connection, 0) is None and not new:
            del self._new[connection.address]

    def overdue(self, now: float) -> Iterator[ClientConnection]:
        """The connections whose head is overdue."""
        return iter([connection for connection, _ in takewhile(lambda entry: entry[1] <= now, self._due.items())])

    async def watch(self) -> None:
        """End, once a second, the connections whose head is overdue; runs until it is cancelled."""
        while True:
            await asyncio.sleep(1)
            for connection in self.overdue(time.monotonic()):
                self.remove(connection)
                await connection.end()


class Idle:
    """Connections that wait for their next request, longest first, each with the time at which it is closed."""

    def __init__(self) -> None:
        self.due: dict[Connection, float] = {}
        self.seconds: float = KEEP_ALIVE_SECONDS

    def add(self, connection: Connection) -> None:
        """The connection waits from now on."""
        self.due.pop(connection, None)
        self.due[connection] = time.monotonic() + self.seconds

    def remove(self, connection: Connection) -> None:
        """It has a request, or has ended."""
        self.due.pop(connection, None)

    async def end(self) -> None:
        """Close those whose time has come."""
        now = time.monotonic()
        for connection in [connection for connection, _ in takewhile(lambda entry: entry[1] <= now, self.due.items())]:
            if self.due.pop(connection, None) is None:
                continue  # a request has come while others were closed
            try:
                await connection.end()
            except Exception:
                log.exception("An idle connection could not be closed")

    async def watch(self) -> None:
        """Do so once a second; runs until it is cancelled."""
        while True:
            await asyncio.sleep(1)
            await self.end()

    async def stop(self) -> None:
        """Close all of them, and those to come."""
        self.seconds = 0
        self.due = dict.fromkeys(self.due, 0)
        await self.end()


class Arrival(asyncio.Protocol):
    """Ends connections of addresses that are refused before they cost more than their acceptance.

    All others get a protocol of `create`.
    """

    def __init__(self, create: Callable[[], asyncio.Protocol], resets: Resets) -> None:
        self._create, self._resets = create, resets

    def connection_made(self, transport: Any) -> None:
        """Take a connection. It has no peer if the client has reset it already."""
        peer = transport.get_extra_info("peername")
        if peer is None or self._resets.is_refused(peer[0]):
            transport.abort()
            return
        protocol = self._create()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
