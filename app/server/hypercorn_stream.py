"""A request and its answer on a connection of Hypercorn, as Hypercorn's own, except that heads are checked once."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import h11
from hypercorn.protocol.events import Response
from hypercorn.protocol.http_stream import ASGIHTTPState, HTTPStream
from hypercorn.utils import suppress_body

MOST_FIELDS = 8  # of a head that is remembered


class Stream(HTTPStream):
    """One request; h11 checks the head of its answer. `end` is called with the last part of the body."""

    def __init__(self, end: Callable[[bytes], Awaitable[None]], *args: Any) -> None:
        super().__init__(*args)
        self._end = end

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
