"""Mail servers to send to: aiosmtpd in the test's own loop, and one that does nothing right."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class Box:
    """What a server took; `rcpt` and `data`, where set, answer instead of it."""

    def __init__(self) -> None:
        self.port, self.connections = 0, 0
        self.taken: list[tuple[str, EmailMessage]] = []
        self.recipients: list[str] = []
        self.rcpt: Callable[[], Awaitable[str]] | None = None
        self.data: Callable[[], Awaitable[str]] | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = await self.rcpt() if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await self.data() if self.data else "250 OK"
        if answer.startswith("250"):
            message = message_from_bytes(envelope.placement.replace(b"\r\n", b"\n"), policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append((envelope.rcpt_tos[0], message))
        return answer


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[Box]:
    """A server that takes mail; `tls` from the first byte."""
    box = Box()

    def factory() -> SMTP:
        box.connections += 1
        return SMTP(box, hostname="mail.test", enable_SMTPUTF8=True, **options)

    async with await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0, ssl=tls) as server:
        box.port = server.sockets[0].getsockname()[1]
        yield box


@asynccontextmanager
async def breaking(greeting: bytes, after_data: bytes) -> AsyncIterator[int]:
    """A server that greets, agrees to everything up to DATA, reads a little, says `after_data` and hangs up; its port.

    An empty greeting is none at all: it waits in silence.
    """

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(greeting)
            while line := await reader.readline():
                if greeting:
                    writer.write(b"354 go on\r\n" if line == b"DATA\r\n" else b"250 yes\r\n")
                if line == b"DATA\r\n":
                    await reader.read(20)
                    writer.write(after_data)
                    break
        finally:
            writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
