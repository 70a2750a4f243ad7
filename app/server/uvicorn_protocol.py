"""A connection of uvicorn with httptools, held to what those of Hypercorn are held to.

httptools takes more for a request than h11 does, and uvicorn bounds neither heads nor what follows a refused body.
"""

import asyncio
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.server import connections as bounds
from app.server.connections import HalfOpen, has_length
from app.server.resets import Resets

MOST_INCOMPLETE = 16_384  # bytes of a head, or between two parts of a body, that has not all arrived; as h11 has it
MOST_HEAD = 65_536  # bytes of a head


class _Refusal(Exception):
    """A request that is not HTTP/1.1 as we take it; its argument is the status."""


class _Cycle(RequestResponseCycle):
    """A request and its answer."""

    async def send(self, message: Any) -> None:
        """Send a part of the answer."""
        if not self.response_started and self.scope["method"] != "HEAD" and has_length(message.get("headers", ())):
            self.transport: Any = _HeadWithBody(self.transport)
        await super().send(message)


class _HeadWithBody:
    """A transport whose first write waits for the second."""

    def __init__(self, transport: Any) -> None:
        self._transport, self._head = transport, b""
        self._is_first = True
        self.close, self.is_closing = transport.close, transport.is_closing

    def write(self, data: bytes) -> None:
        """Write the head with what follows it, then whatever comes."""
        if self._is_first:
            self._is_first, self._head = False, data
        else:
            self._transport.write(self._head + data)
            self._head = b""


class State(ServerState):
    """What the connections of a process share."""

    def __init__(self, half_open: HalfOpen, resets: Resets) -> None:
        super().__init__()
        self.half_open, self.resets, self.is_draining = half_open, resets, False


class Http1(HttpToolsProtocol):
    """A connection. It is closed either before a request is read or after it is answered, never in between."""

    server_state: State
    address = b""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._requests = self._head = self._hosts = self._incomplete = 0
        self._is_in_head = self._has_progress = self._is_broken = False
        self._answering: Any = None  # the cycle whose task runs; self.cycle is the newest

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a first request."""
        super().connection_made(transport)
        oldest: Any = self.server_state.half_open.add(self, self.client[0] if self.client else "")
        if oldest is not None:
            oldest.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.server_state.half_open.remove(self)
        if not (self.is_idle or self.cycle.response_started):
            self._count_reset()
        if self._answering is not None:
            self._answering.disconnected = not self._answering.response_complete
            self._answering.message_event.set()
        super().connection_lost(exc)

    async def end(self) -> None:
        """Close it."""
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what has arrived."""
        self._unset_keepalive_if_required()
        if self._is_broken:
            return
        self._has_progress = False
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            cause = error.__context__
            is_http_2 = data.startswith(b"PRI ") or b" HTTP/2" in data.partition(b"\r\n")[0]
            self._refuse(cause.args[0] if isinstance(cause, _Refusal) else 505 if is_http_2 else 400)
            return
        self._incomplete = 0 if self._has_progress else self._incomplete + len(data)
        if self._incomplete > MOST_INCOMPLETE:
            self._refuse(431)
        elif self.is_idle and (self._is_in_head or not self._has_progress):
            self.server_state.half_open.expect(self)  # a part of a head

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                # Every upgrade is answered in HTTP/1.1, as RFC 9110, section 7.8, allows.
                parsed = upgrade.args[0]
                if not parsed:
                    raise httptools.HttpParserError from None
                data = data[parsed:]
            else:
                return

    @property
    def _is_in_body(self) -> bool:
        return self.cycle is not None and self.cycle.more_body

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._is_in_head, self._head, self._hosts = True, 0, 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the request target."""
        self._grow(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head. Those behind a body are nobody's: what was checked must not change."""
        self._grow(len(name) + len(value))
        if self._is_in_head:
            name = name.lower()
            self._hosts += name == b"host"
            super().on_header(name, value.strip(b" \t"))

    def _grow(self, count: int) -> None:
        self._head += count
        if self._head > MOST_HEAD:
            raise _Refusal(431)

    def on_headers_complete(self) -> None:
        """Begin a request, or queue it behind the one in progress."""
        self._is_in_head, self._has_progress = False, True
        self.server_state.half_open.remove(self)
        version = self.parser.get_http_version()
        if version[:2] != "1.":
            raise _Refusal(400 if version == "0.9" else 505)
        if self._hosts > 1 or (not self._hosts and version != "1.0") or not self.url.isascii():
            raise _Refusal(400)
        path, _, query = self.url.partition(b"?")
        self.scope |= {
            "method": self.parser.get_method().decode("ascii"),
            "http_version": version,
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query,
        }
        if self.address:
            self.server_state.resets.add_request(self.address)
        self._requests += 1
        is_last = self.server_state.is_draining or self._requests >= bounds.MOST_REQUESTS
        is_idle = self.is_idle
        self.cycle = _Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and self.parser.should_keep_alive() and not is_last,
            on_response=self.on_response_complete,
        )
        if is_idle:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._has_progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End the request."""
        self._has_progress = True
        if self.cycle.response_complete:
            self.cycle.more_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, unless the rest of this one's body is still to come: nobody wants it."""
        if not self.pipeline and self._is_in_body:
            self.transport.close()
        super().on_response_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _should_upgrade(self) -> bool:
        return False

    def _refuse(self, status: int) -> None:
        """Answer what is no request, behind the answers to those in front of it, and close the connection."""
        self._is_broken = True
        self.server_state.half_open.remove(self)
        if status == 505:
            self._count_reset()
        if self.pipeline and self.cycle.more_body:  # its body is what is broken
            self.pipeline.popleft()
            self.cycle = self.pipeline[0][0] if self.pipeline else self._answering
        if not (self.is_idle or self.cycle.more_body):
            self.cycle.keep_alive = False  # its answer closes the connection
            self.flow.pause_reading()
            return
        if self.is_idle or not self.cycle.response_started:
            fields = [*self.server_state.default_headers, (b"content-length", b"0"), (b"connection", b"close")]
            lines = [name + b": " + value + b"\r\n" for name, value in fields]
            self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n"]))
        self.transport.close()

    def _count_reset(self) -> None:
        if self.address:
            self.server_state.resets.add_reset(self.address)

    @property
    def is_idle(self) -> bool:
        """Whether no request is in progress."""
        return self.cycle is None or self.cycle.response_complete

    def announce_end(self) -> None:
        """Let the answer in progress carry `connection: close`, unless its head was sent."""
        if not (self.is_idle or self.cycle.response_started):
            self.cycle.keep_alive = False
