"""A request and its answer on a connection of Hypercorn, as Hypercorn's own, except that heads are checked once."""

from functools import lru_cache
from typing import Any

import h11
from hypercorn.protocol.events import Response
from hypercorn.protocol.http_stream import ASGIHTTPState, HTTPStream

MOST_FIELDS = 8  # of a head that is remembered


class Stream(HTTPStream):
    """One request; h11 checks the head of its answer."""

    async def app_send(self, message: Any) -> None:
        """Send a part of the answer."""
        if message is None or message["type"] != "http.response.start" or self.state is not ASGIHTTPState.REQUEST:
            await super().app_send(message)
            return
        self.response = message
        await self.send(Response(self.stream_id, message.get("headers", []), message["status"]))
        self.state = ASGIHTTPState.RESPONSE


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
