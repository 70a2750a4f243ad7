"""A connection of uvicorn with httptools, held to what those of Hypercorn are held to.

httptools takes more for a request than h11 does, and uvicorn bounds neither heads nor what follows a refused body.
"""

import asyncio
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from app.server import connections as bounds
from app.server.connections import HalfOpen, Idle
from app.server.resets import Resets
from app.server.uvicorn_cycle import Cycle

MOST_INCOMPLETE = 16_384  # bytes of a head, or between two parts of a body, that has not all arrived; as h11 has it
MOST_HEAD = 65_536  # bytes of a head
ASGI: Any = {"version": "3.0", "spec_version": "2.3"}


class _Refusal(Exception):
    """A request that is not HTTP/1.1 as we take it; its argument is the status."""


class State(ServerState):
    """What the connections of a process share."""

    def __init__(self, half_open: HalfOpen, resets: Resets) -> None:
        super().__init__()
        self.half_open, self.resets, self.is_draining, self.idle = half_open, resets, False, Idle()
        self.date_line = b""


class Http1(HttpToolsProtocol):
    """A connection. It is closed either before a request is read or after it is answered, never in between."""

    server_state: State
    address = b""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._requests = self._head = self._hosts = self._incomplete = 0
        self._is_in_head = self._has_progress = self._is_broken = False
        self._answering: Any = None  # the cycle whose task runs; self.cycle is the newest
        self._take = getattr(self.app, "take", None)
        self._request: Any = None  # self.cycle's request, if it is answered as a whole as soon as its body is there

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a first request."""
        super().connection_made(transport)
        oldest: Any = self.server_state.half_open.add(self, self.client[0] if self.client else "")
        if oldest is not None:
            oldest.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.server_state.half_open.remove(self)
        self.server_state.idle.remove(self)
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
        if self._is_broken:
            return
        self.server_state.idle.remove(self)
        self._has_progress = False
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            cause = error.__context__
            is_http_2 = data.startswith(b"PRI ") or b" HTTP/2" in data.partition(b"\r\n")[0]
            self._refuse(cause.args[0] if isinstance(cause, _Refusal) else 505 if is_http_2 else 400)
            return
        if self._request is not None:  # the rest of its body may be a long time coming
            self._start_asgi_task(self.cycle, self.app)
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
        self._is_in_head, self._head, self._hosts = True, 0, 0
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_url(self, url: bytes) -> None:
        """Take a part of the request target."""
        self._head += len(url)
        if self._head > MOST_HEAD:
            raise _Refusal(431)
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head. Those behind a body are nobody's: what was checked must not change."""
        self._head += len(name) + len(value)
        if self._head > MOST_HEAD:
            raise _Refusal(431)
        if self._is_in_head:
            name = name.lower()
            if name == b"host":
                self._hosts += 1
            elif name == b"expect" and value.lower() == b"100-continue":
                self.expect_100_continue = True
            self.headers.append((name, value.strip(b" \t")))

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
        self.scope = {
            "type": "http",
            "asgi": ASGI,
            "http_version": version,
            "server": self.server,
            "client": self.client,
            "scheme": "http",
            "root_path": "",
            "method": self.parser.get_method().decode("ascii"),
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query,
            "headers": self.headers,
        }
        if self.address:
            self.server_state.resets.add_request(self.address)
        self._requests += 1
        is_last = self.server_state.is_draining or self._requests >= bounds.MOST_REQUESTS
        is_idle = self.is_idle
        self.cycle = Cycle(self, version != "1.0" and self.parser.should_keep_alive() and not is_last)
        if is_idle:
            self._request = self._take(self.scope) if self._take is not None and not self.expect_100_continue else None
            if self._request is None:
                self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._has_progress = True
        cycle: Any = self.cycle
        if not cycle.response_complete:
            cycle.body += body
            if len(cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            cycle.message_event.set()

    def on_message_complete(self) -> None:
        """End the request."""
        self._has_progress = True
        cycle: Any = self.cycle
        cycle.more_body = False
        if self._request is not None:
            request, self._request, self._answering = self._request, None, cycle
            request.content = cycle.body
            cycle.task = self.loop.create_task(cycle.run(self.app.answer(request)))
        elif not cycle.response_complete:
            cycle.message_event.set()

    def on_response_complete(self) -> None:
        """Go on with the next request, unless the rest of this one's body is still to come: nobody wants it."""
        if not self.pipeline and self._is_in_body:
            self.transport.close()
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self.server_state.idle.add(self)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self._request, self._answering = None, cycle
        cycle.task = self.loop.create_task(cycle.run_asgi(app))

    def _should_upgrade(self) -> bool:
        return False

    def _refuse(self, status: int) -> None:
        """Answer what is no request, behind the answers to those in front of it, and close the connection."""
        self._is_broken, self._request = True, None
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
            fields = self.server_state.date_line + b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + fields)
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
