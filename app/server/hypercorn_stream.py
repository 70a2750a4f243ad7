"""A request and its answer on a connection of Hypercorn, as Hypercorn's own, except that heads are checked once."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import h11
from hypercorn.protocol.events import Body, EndBody, Event, Request, Response
from hypercorn.protocol.http_stream import ASGIHTTPState, HTTPStream
from hypercorn.utils import suppress_body

MOST_FIELDS = 8  # of a head that is remembered


class Stream(HTTPStream):
    """One request; h11 checks the head of its answer. `end` is called with the last part of the body.

    A request that has arrived as a whole, and that `take` knows, goes to `answer` without a task and ASGI messages.
    """

    def __init__(
        self, end: Callable[[bytes], Awaitable[None]], take: Callable[[Any], Any] | None,
        answer: Callable[[Any], Awaitable[None]], *args: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args)
        self._end, self._take, self._answer = end, take, answer
        self._request: Any = None
        self._events: list[Any] = []

    async def handle(self, event: Event) -> None:
        """Take a part of the request."""
        if type(event) is Request and self._take is not None:
            path, _, query = event.raw_path.partition(b"?")
            self.scope: Any = {
                "type": "http", "method": event.method, "path": unquote(path.decode("ascii")), "raw_path": path,
                "query_string": query, "headers": event.headers, "client": self.client,
            }  # fmt: skip
            self._request = self._take(self.scope)
        if self._request is None:
            await super().handle(event)
        elif type(event) is EndBody:
            request, self._request = self._request, None
            request.content = b"".join([bytes(part.data) for part in self._events if type(part) is Body])
            self.app_put: Any = None
            self.state = ASGIHTTPState.CLOSED
            await self._answer(request)
        else:
            self._events.append(event)

    async def release(self) -> None:
        """Let an ASGI application answer, since the rest of the request may be a long time coming."""
        if self._request is not None:
            self._request = None
            for event in self._events:
                await super().handle(event)

    async def app_send(self, message: Any) -> None:
        """Send a part of the answer."""
        kind = message["type"] if message else ""
        if kind == "http.response.start" and self.state is ASGIHTTPState.REQUEST:
            self.response = message
            await self.send(Response(self.stream_id, message.get("headers", []), message["status"]))
            self.state = ASGIHTTPState.RESPONSE
        elif (
            kind == "http.response.body" and self.state is ASGIHTTPState.RESPONSE
            and not message.get("more_body") and not self.response.get("trailers")
        ):  # fmt: skip
            has_none = suppress_body(self.scope["method"], self.response["status"])
            self.state = ASGIHTTPState.CLOSED
            await self._end(b"" if has_none else message.get("body", b""))
        else:
            await super().app_send(message)


def start_of_response(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> h11.Response:
    """The head of an answer.

    Raises:
        h11.LocalProtocolError: a field has characters that it must not have.
    """
    create = _response if len(headers) <= MOST_FIELDS else _response.__wrapped__
    return create(status, headers)


@lru_cache(maxsize=500)
def _response(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> h11.Response:
    return h11.Response(status_code=status, headers=list(headers))


def has_length(response: h11.Response) -> bool:
    """Whether a head says how long its body is."""
    return any(name.lower() == b"content-length" for name, _ in response.headers.raw_items())
