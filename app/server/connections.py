"""What both servers hold connections to, and an end to those on which no request arrives."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import Any, Protocol

from app.config import Settings
from app.http.client_address import Addresses
from app.server.resets import Resets

BACKLOG = 1024
HEAD_SECONDS = 20  # from a connection's start, or a head's first byte, to the end of that head
MOST_HALF_OPEN = 100  # connections of one address without a first request
KEEP_ALIVE_SECONDS = 75
MOST_REQUESTS = 100_000  # of one connection
IDLE_SECONDS = 1  # at a stop, for a request that is on its way on a kept-alive connection
ANSWER_SECONDS = 10  # for requests in progress at a stop; after that the application drains its queues


def has_length(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether an answer says its length. Then its head and the start of its body are written at once: each write to a
    socket costs as much as all that is done to ingest a response. Others are streams, whose head must not wait.
    """
    return any(name == b"content-length" for name, _ in headers)


class Connection(Protocol):
    """A connection of either server; `address` is its client's, and none of a proxy, which has many clients'."""

    address: bytes

    async def end(self) -> None:
        """Close it, whatever is under way."""


class HalfOpen:
    """The connections of one web process that owe the head of a request, each with the time at which it is due."""

    def __init__(self, settings: Settings) -> None:
        self._addresses = Addresses(settings)
        self._due: dict[Connection, float] = {}
        self._new: dict[bytes, dict[Connection, None]] = {}

    def add(self, connection: Connection, peer: str) -> Connection | None:
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

    def expect(self, connection: Connection) -> None:
        """Expect a head within HEAD_SECONDS, unless one is expected already."""
        self._due.setdefault(connection, time.monotonic() + HEAD_SECONDS)

    def remove(self, connection: Connection) -> None:
        """Expect nothing more: the head is there, or the connection has ended."""
        self._due.pop(connection, None)
        new = self._new.get(connection.address)
        if new is not None and new.pop(connection, 0) is None and not new:
            del self._new[connection.address]

    def overdue(self, now: float) -> Iterator[Connection]:
        """The connections whose head is overdue."""
        return iter([connection for connection, _ in takewhile(lambda entry: entry[1] <= now, self._due.items())])

    async def watch(self) -> None:
        """End, once a second, the connections whose head is overdue; runs until it is cancelled."""
        while True:
            await asyncio.sleep(1)
            for connection in self.overdue(time.monotonic()):
                self.remove(connection)
                await connection.end()


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
