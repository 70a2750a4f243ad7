"""A request and its answer on a connection of uvicorn.

As uvicorn's own, except that the fields of answers are checked once and not in each answer, and that a head is written
together with the start of its body: each write to a socket costs as much as all that is done to ingest a response.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

if TYPE_CHECKING:
    from app.server.uvicorn_protocol import Http1

NO_BODY = (204, 304)  # answers that never have one
MEANINGS = {b"connection": b"close", b"transfer-encoding": b"chunked"}  # what of these fields matters here
MOST_FIELDS = 8  # of a head that is remembered; pages have more, of which some are long
UNHEARD = asyncio.Event()  # of a request that no ASGI application receives


class Cycle(RequestResponseCycle):
    """One request; it is answered by one task."""

    # What most requests change little of. As attributes of each they would take time for each.
    message_event = UNHEARD
    body: Any = b""
    more_body = True
    disconnected = response_started = response_complete = False
    chunked_encoding: bool | None = None
    expected_content_length = 0
    task: asyncio.Task[None] | None = None
    _head = b""

    def __init__(self, connection: "Http1", keep_alive: bool) -> None:
        self.scope: Any = connection.scope
        self.transport, self.flow, self.logger = connection.transport, connection.flow, connection.logger
        self._date_line, self.on_response = connection.server_state.date_line, connection.on_response_complete
        self.keep_alive, self.waiting_for_100_continue = keep_alive, connection.expect_100_continue

    async def run_asgi(self, app: Any) -> None:
        """Let an ASGI application answer."""
        self.message_event = asyncio.Event()
        if self.body or not self.more_body or self.disconnected:
            self.message_event.set()
        await super().run_asgi(app)

    async def run(self, answering: Awaitable[Any]) -> None:
        """Send an answer that comes as a whole, with its `status`, `headers` and `body`."""
        try:
            answer = await answering
            if self.flow.write_paused and not self.disconnected:
                await self.flow.drain()
            if not self.disconnected:
                self._begin(answer.status, answer.headers)
                self._go_on(answer.body, False)
        except Exception:
            self.logger.exception("A request could not be answered")
            self.transport.close()
        finally:
            self.on_response = _nothing  # which ends a cycle of references

    async def receive(self) -> Any:
        """The next part of the request, or that the client has gone."""
        if not self.message_event.is_set() or self.waiting_for_100_continue:
            return await super().receive()
        if self.disconnected or self.response_complete:
            return {"type": "http.disconnect"}
        self.flow.resume_reading()
        self.message_event.clear()
        body, self.body = self.body, b""
        return {"type": "http.request", "body": bytes(body), "more_body": self.more_body}

    async def send(self, message: Any) -> None:
        """Send a part of the answer.

        Raises:
            RuntimeError: it is none that may follow the one before.
        """
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if kind == "http.response.start" and not self.response_started:
            self._begin(message["status"], message.get("headers", ()))
        elif kind == "http.response.body" and self.response_started and not self.response_complete:
            self._go_on(message.get("body", b""), message.get("more_body", False))
        else:
            raise RuntimeError(f"{kind} must not be sent now.")

    def _begin(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        fields = tuple(headers)
        read = _start if len(fields) <= MOST_FIELDS else _start.__wrapped__
        head, length, is_chunked, is_closed = read(status, fields)
        lines = [head, self._date_line]
        if is_closed:
            self.keep_alive = False
        elif not self.keep_alive:
            lines.append(b"connection: close\r\n")
        if not is_chunked and length is None and self.scope["method"] != "HEAD" and status not in NO_BODY:
            is_chunked = True
            lines.append(b"transfer-encoding: chunked\r\n")
        lines.append(b"\r\n")
        self.chunked_encoding, self.expected_content_length = is_chunked, length or 0
        self.response_started, self.waiting_for_100_continue = True, False
        if length is not None:
            self._head = b"".join(lines)
        else:  # a stream, whose head must not wait
            self.transport.write(b"".join(lines))

    def _go_on(self, body: bytes, more_body: bool) -> None:
        if self.scope["method"] == "HEAD":
            body, self.expected_content_length = b"", 0
        elif self.chunked_encoding:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            if not more_body:
                body += b"0\r\n\r\n"
        else:
            self.expected_content_length -= len(body)
            if self.expected_content_length < 0 or (self.expected_content_length and not more_body):
                raise RuntimeError("The body is not as long as its Content-Length.")
        if self._head or body:
            self.transport.write(self._head + body)
            self._head = b""
        if not more_body:
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                self.transport.close()
            self.on_response()


def _nothing() -> None:
    pass


@lru_cache(maxsize=500)
def _start(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> tuple[bytes, int | None, bool, bool]:
    """The start of a head, the length of the body that it announces, whether it comes in chunks, and whether it is the
    connection's last.

    Raises:
        RuntimeError: a field has characters that would end it.
    """
    lines, length, is_chunked, is_closed = [STATUS_LINE[status]], None, False, False
    for name, value in headers:
        line, meaning = _field(name, value)
        lines.append(line)
        if meaning == "close":
            is_closed = True
        elif meaning == "chunked":
            is_chunked, length = True, None
        elif meaning is not None and not is_chunked:
            length = int(meaning)
    return b"".join(lines), length, is_chunked, is_closed


def _field(name: bytes, value: bytes) -> tuple[bytes, str | None]:
    """The line of a field of a head, and what it means to a connection: a length, `chunked`, `close` or nothing.

    Raises:
        RuntimeError: it has characters that would end it.
    """
    name = name.lower()
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise RuntimeError("A header has characters that it must not have.")
    line = b"%b: %b\r\n" % (name, value)
    if name == b"content-length":
        return line, str(int(value))
    if name in MEANINGS:
        for word in value.lower().split(b","):
            if word.strip() == MEANINGS[name]:
                return line, MEANINGS[name].decode()
    return line, None
