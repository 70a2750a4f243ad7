"""HTTP/1.1 and nothing else, as Hypercorn speaks it; and an end to connections on which no request arrives."""

import asyncio
import time
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import h11
from hypercorn.asyncio import tcp_server
from hypercorn.events import Closed, Event, RawData
from hypercorn.protocol.h11 import H11Protocol

from app.config import Settings
from app.http.client_address import Addresses
from app.server.resets import Resets

HEAD_SECONDS = 20  # from a connection's start, or a head's first byte, to the end of that head
MOST_HALF_OPEN = 100  # connections of one address without a first request


class HalfOpen:
    """The connections of one web process that owe the head of a request, each with the time at which it is due."""

    def __init__(self, settings: Settings) -> None:
        self._addresses = Addresses(settings)
        self._due: dict[Http1, float] = {}
        self._new: dict[bytes, dict[Http1, None]] = {}

    async def add(self, connection: "Http1", peer: str) -> None:
        """Expect the first head of a connection. Of too many of one address, unless it is a proxy, the oldest ends."""
        self.expect(connection)
        if self._addresses.is_proxy(peer):
            return
        connection.address = self._addresses.of(peer)
        new = self._new.setdefault(connection.address, {})
        new[connection] = None
        if len(new) > MOST_HALF_OPEN:
            await self.end(next(iter(new)))

    def expect(self, connection: "Http1") -> None:
        """Expect a head within HEAD_SECONDS, unless one is expected already."""
        self._due.setdefault(connection, time.monotonic() + HEAD_SECONDS)

    def remove(self, connection: "Http1") -> None:
        """Expect nothing more: the head is there, or the connection has ended."""
        self._due.pop(connection, None)
        new = self._new.get(connection.address)
        if new is not None and new.pop(connection, 0) is None and not new:
            del self._new[connection.address]

    async def end(self, connection: "Http1") -> None:
        """Close a connection."""
        self.remove(connection)
        await connection.send(Closed())

    def overdue(self, now: float) -> Iterator["Http1"]:
        """The connections whose head is overdue."""
        return iter([connection for connection, _ in takewhile(lambda entry: entry[1] <= now, self._due.items())])

    async def watch(self) -> None:
        """End, once a second, the connections whose head is overdue; runs until it is cancelled."""
        while True:
            await asyncio.sleep(1)
            for connection in self.overdue(time.monotonic()):
                await self.end(connection)


class Http1(H11Protocol):
    """A connection. HTTP/2 in the clear is refused: streams that a client resets would cost work without a limit."""

    half_open: HalfOpen
    resets: Resets
    address = b""  # none of a proxy, which has the requests of many clients

    async def initiate(self) -> None:
        """Expect a first request."""
        await self.half_open.add(self, self.client[0] if self.client else "")

    async def handle(self, event: Event) -> None:
        """Take what has arrived."""
        if isinstance(event, Closed) and self.connection.our_state is h11.SEND_RESPONSE:
            self._count_reset()
        try:
            await super().handle(event)
        except _VersionError:
            self.half_open.remove(self)
            self._count_reset()
            await self._send_error_response(505)
            await self.send(Closed())
            return
        if isinstance(event, Closed):
            self.half_open.remove(self)
        elif isinstance(event, RawData) and event.data and self.connection.their_state is h11.IDLE:
            self.half_open.expect(self)  # a part of a head

    async def _check_protocol(self, event: h11.Request) -> None:
        # Without 101 an `Upgrade: h2c` is answered in HTTP/1.1, as RFC 9110, section 7.8, allows.
        if event.http_version[:2] != b"1.":
            raise _VersionError

    def _count_reset(self) -> None:
        if self.address:
            self.resets.add_reset(self.address)

    async def _create_stream(self, request: h11.Request) -> None:
        self.half_open.remove(self)
        if self.address:
            self.resets.add_request(self.address)
        await super()._create_stream(request)


class _VersionError(Exception):
    """The client does not speak HTTP/1."""


def install(settings: Settings) -> tuple[HalfOpen, Resets]:
    """Let Hypercorn speak HTTP/1.1 alone; returns the connections to watch, and whose are refused."""
    half_open, resets = HalfOpen(settings), Resets(settings)

    class Connection(Http1):
        def __init__(self, *args: Any) -> None:
            *shared, _alpn = args
            super().__init__(*shared)
            self.half_open, self.resets = half_open, resets

    tcp_server.ProtocolWrapper = Connection  # type: ignore[attr-defined,assignment]  # called alike
    return half_open, resets
