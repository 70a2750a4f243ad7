"""A mail server that fails where a test wants it to: at any phase, in any way. It keeps account of what it accepted."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes

# In the order of a session. At `dot` it has the whole mail and did not accept it; at `answer` it has accepted it.
PHASES = ("greeting", "ehlo", "mail", "rcpt", "data", "body", "dot", "answer")
COMMANDS = {b"EHLO": "ehlo", b"HELO": "ehlo", b"MAIL": "mail", b"RCPT": "rcpt", b"DATA": "data"}
REPLIES = {
    "greeting": b"220 mail.test\r\n",
    "ehlo": b"250-mail.test\r\n250 SIZE 10000000\r\n",
    "data": b"354 go on\r\n",
}
OK = b"250 OK\r\n"
BODY_BYTES = 2000  # read before it fails in the body


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens in a phase: drop, hang, delay, hold (until `released`), kill (`on_kill` is called), or a reply."""

    phase: str = ""
    action: str = ""


@dataclass
class FaultyServer:
    """`choose` gives the fault of each mail. `accepted` are the recipient and the Message-ID of each that was taken.

    `reached` is set at the first fault.
    """

    choose: Callable[[], Fault]
    delay: float = 0.35
    on_kill: Callable[[], None] = lambda: None
    port: int = 0
    accepted: list[tuple[str, str]] = field(default_factory=list)
    faults: Counter[Fault] = field(default_factory=Counter)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _sessions: set["asyncio.Task[None]"] = field(default_factory=set)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["FaultyServer"]:
        """Serve on a free port."""
        async with await asyncio.start_server(self._session, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self
            for session in self._sessions:
                session.cancel()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        try:
            with contextlib.suppress(_HangUp, ConnectionError, asyncio.IncompleteReadError):
                await _Session(self, reader, writer).run()
        except asyncio.CancelledError:
            pass  # the server ends
        finally:
            self._sessions.discard(task)
            writer.close()


class _HangUp(Exception):
    """The server closes the connection."""


class _Session:
    def __init__(self, server: FaultyServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._fault, self._recipient = server.choose(), ""

    async def run(self) -> None:
        await self._reply("greeting")
        while line := await self._reader.readline():
            phase = COMMANDS.get(line[:4].upper(), "")
            if phase == "rcpt":
                self._recipient = line.decode().partition("<")[2].partition(">")[0]
            if line[:4].upper() == b"QUIT":
                self._writer.write(b"221 bye\r\n")
                return
            if not await self._reply(phase) or phase != "data":
                continue
            data = await self._data()
            if await self._reply("dot", silent=True):
                self._server.accepted.append((self._recipient, str(message_from_bytes(data)["Message-ID"])))
                await self._reply("answer")
            self._fault = self._server.choose()

    async def _data(self) -> bytes:
        data = bytearray()
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            data += line[1:] if line.startswith(b".") else line
            if len(data) > BODY_BYTES:
                await self._fail("body")
        return bytes(data)

    async def _reply(self, phase: str, *, silent: bool = False) -> bool:
        """Reply as usual, or as the fault says; whether it agreed."""
        code = await self._fail(phase)
        if code:
            self._writer.write(f"{code} as it was told\r\n".encode())
            return False
        if not silent:
            self._writer.write(REPLIES.get(phase, OK))
        return True

    async def _fail(self, phase: str) -> str:
        """Do what the fault of this phase says, once; the code of the reply, if it is one."""
        fault = self._fault
        if not phase or fault.phase != phase:
            return ""
        self._fault = Fault()
        self._server.faults[fault] += 1
        self._server.reached.set()
        if fault.action == "drop":
            raise _HangUp
        if fault.action == "hang":
            await asyncio.sleep(3600)
        if fault.action == "delay":
            await asyncio.sleep(self._server.delay)
        if fault.action == "hold":
            await self._server.released.wait()
        if fault.action == "kill":
            self._server.on_kill()
        return fault.action if fault.action.isdigit() else ""
