"""A TCP proxy that drops, delays, holds or half-opens connections to what is behind it, such as Postgres or SMTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """Connections to a free port lead to those that `connect` opens.

    `delay` is how long each piece of data waits, in seconds. `is_refusing` closes new connections at once. `passed`
    counts the connections.
    """

    def __init__(self, connect: Callable[[], Awaitable[Streams]]) -> None:
        self._connect = connect
        self._connections: set[_Connection] = set()
        self.port, self.delay, self.passed, self.is_refusing = 0, 0.0, 0, False

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Proxy"]:
        """Serve until the context ends."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            # Not `async with`: since Python 3.12 that waits for connections that were accepted in the last moment.
            server.close()
            self.is_refusing = True
            self.drop()
            await asyncio.gather(*(each.ended.wait() for each in self._connections))

    def drop(self) -> None:
        """Reset all connections."""
        for connection in self._connections:
            connection.abort()

    def half_open(self) -> None:
        """Let all connections swallow what is sent from now on, for ever, and stay open."""
        for connection in self._connections:
            connection.is_half_open = True

    def hold(self) -> Callable[[], None]:
        """Hold what is sent on the connections there are, and how they end, until the function returned is called."""
        connections = list(self._connections)
        for connection in connections:
            connection.flows.clear()

        def release() -> None:
            for connection in connections:
                connection.flows.set()

        return release

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_refusing:
            writer.transport.abort()
            return
        self.passed += 1
        try:
            connection = _Connection(self, (reader, writer), await self._connect())
        except OSError:
            writer.transport.abort()
            return
        if self.is_refusing:  # meanwhile
            connection.abort()
            return
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)


class _Connection:
    def __init__(self, proxy: Proxy, client: Streams, server: Streams) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self.flows, self.ended, self.is_half_open = asyncio.Event(), asyncio.Event(), False
        self.flows.set()

    def abort(self) -> None:
        for _, writer in (self._client, self._server):
            writer.transport.abort()
        self.flows.set()

    async def run(self) -> None:
        try:
            await asyncio.gather(
                self._pump(self._client[0], self._server[1]), self._pump(self._server[0], self._client[1])
            )
        finally:
            self.abort()
            self.ended.set()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if self._proxy.delay:
                    await asyncio.sleep(self._proxy.delay)
                await self.flows.wait()
                if not self.is_half_open:
                    writer.write(data)
                    await writer.drain()
            await self.flows.wait()
            if not self.is_half_open and writer.can_write_eof():
                writer.write_eof()


def to_port(port: int) -> Proxy:
    """A proxy to a port of this machine."""
    return Proxy(lambda: asyncio.open_connection("127.0.0.1", port))


def to_postgres(dsn: str) -> Proxy:
    """A proxy to a Postgres, which listens on a Unix socket only unless it is part of a cluster."""
    parts = urlsplit(dsn)
    if parts.port:
        return to_port(parts.port)
    query = parse_qs(parts.query)
    path = Path(query["host"][0]) / f".s.PGSQL.{query['port'][0]}"
    return Proxy(lambda: asyncio.open_unix_connection(path))


def proxied(dsn: str, port: int) -> str:
    """The DSN of the same database through a proxy."""
    parts = urlsplit(dsn)
    return f"postgresql://{parts.username or 'feelback'}@127.0.0.1:{port}{parts.path}"
