"""A receiver of webhooks on loopback, which answers as a test says."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from standardwebhooks import Webhook, WebhookVerificationError


@dataclass
class Received:
    """A request: its head as names in lower case, and its body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Its URL, and the requests that reached it. `answers` are sent one after the other, the last of them for ever.

    With `drip` the last answer is followed by this many bytes, one every `pause` seconds.
    """

    url: str = ""
    answers: list[bytes] = field(default_factory=lambda: [b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"])
    received: list[Received] = field(default_factory=list)
    drip: int = 0
    pause: float = 0.0
    arrival: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and answer it."""
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        with contextlib.closing(writer), contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *rest = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in rest)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.received.append(Received(line, headers, body))
            self.arrival.set()
            writer.write(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
            await writer.drain()
            for _ in range(self.drip):
                writer.write(b"x" * (1 if self.pause else 65_536))
                await writer.drain()
                await asyncio.sleep(self.pause)


def answer(status: str, headers: str = "", body: str = "") -> bytes:
    """An HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n{body}".encode()


@contextlib.asynccontextmanager
async def listening(
    tls: ssl.SSLContext | None = None, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[Receiver]:
    """A receiver on a free port, or that one, of an address of this machine."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.answer, host, port, ssl=tls)
    receiver.url = f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        server.close()
        for task in list(receiver.tasks):
            task.cancel()
        await asyncio.gather(*receiver.tasks, return_exceptions=True)
        await server.wait_closed()


def is_verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the library of Standard Webhooks accepts a request, at most five minutes after it was signed."""
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True
