"""Mail servers for tests: aiosmtpd in the test's own loop, and one that breaks the protocol."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class Box:
    """The mails that a server accepted. `rcpt` and `data`, if set, answer those commands instead."""

    def __init__(self) -> None:
        self.port, self.connections = 0, 0
        self.messages: list[tuple[str, EmailMessage]] = []
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
            message = message_from_bytes(envelope.content.replace(b"\r\n", b"\n"), policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.messages.append((envelope.rcpt_tos[0], message))
        return answer


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[Box]:
    """Run a mail server; with `tls`, encrypted from the first byte."""
    box = Box()

    def factory() -> SMTP:
        box.connections += 1
        return SMTP(box, hostname="mail.test", enable_SMTPUTF8=True, **options)

    async with await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0, ssl=tls) as server:
        box.port = server.sockets[0].getsockname()[1]
        yield box


@asynccontextmanager
async def breaking(greeting: bytes, after_data: bytes) -> AsyncIterator[int]:
    """Run a server that accepts all up to DATA, reads a little, sends `after_data` and hangs up; yields its port.

    With an empty `greeting` it never answers.
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
