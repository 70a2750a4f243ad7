"""Many requests at once to a real server."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from tests.support.serving import BROWSER, Answer


class Http:
    """A few kept-alive connections to a server; each request waits for one that is free."""

    def __init__(self, port: int, connections: int) -> None:
        self._port, self._size = port, connections
        self._free: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.LifoQueue()
        for _ in range(connections):
            self._free.put_nowait(None)

    async def send(self, method: str, path: str, content: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """The answer to one request; OSError or EOFError if the server closed the connection."""
        connection = await self._free.get()
        try:
            connection = connection or await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = connection
            body = b"" if content is None else json.dumps(content).encode()
            head = f"{method} {path} HTTP/1.1\r\nhost: localhost:{self._port}\r\nuser-agent: {BROWSER}\r\n"
            head += f"content-length: {len(body)}\r\n"
            if content is not None:
                head += "content-type: application/json\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
            writer.write(head.encode() + b"\r\n" + body)
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            fields = dict(line.lower().split(": ", 1) for line in lines[1:-2])
            answer = Answer(
                int(lines[0].split()[1]), fields, await reader.readexactly(int(fields.get("content-length", 0)))
            )
        except BaseException:
            self._free.put_nowait(None)
            if connection:
                await _closed(connection[1])
            raise
        self._free.put_nowait((reader, writer))
        return answer

    async def close(self) -> None:
        """Close all connections."""
        for _ in range(self._size):
            if connection := await self._free.get():
                await _closed(connection[1])


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def connected(port: int, connections: int = 32) -> AsyncIterator[Http]:
    """Connections to a server, closed when the context ends."""
    http = Http(port, connections)
    try:
        yield http
    finally:
        await http.close()
