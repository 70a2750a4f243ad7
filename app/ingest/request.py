"""A request as the gate sees it, and its answer."""

import asyncio
import time
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from app.config import Settings
from app.errors import FeelbackError
from app.http.client_address import Addresses
from app.ingest.languages import first_language
from app.ingest.visitors import is_bot
from app.queries.api_keys import ApiKey

FORM = b"application/x-www-form-urlencoded"
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Sender:
    """What a request shows of who sends it; `address` is packed, `api_key` wins over `origin`.

    `is_own_page`: a page of this server sends it, whose form holds the token of a response.
    """

    origin: str
    address: bytes
    user_agent: bytes
    is_bot: bool
    api_key: ApiKey | None = None
    is_own_page: bool = False
    accept_language: bytes = b""

    @property
    def language(self) -> str | None:
        """The language of the browser, such as `de`; None of a server that sends the responses of others."""
        return None if self.api_key else first_language(self.accept_language)


class Request:
    """One HTTP request; headers by lower-case name."""

    __slots__ = ("content", "handler", "headers", "method", "path", "query", "receive", "scope", "sender", "widget")
    sender: Sender  # once the request is admitted

    def __init__(self, scope: Any, receive: Any = None) -> None:
        self.scope, self.receive = scope, receive
        self.handler: Any = None  # of the gate, where it has been looked up
        self.content: bytes | None = None  # the whole body, where it is there already; else it is to be received
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.widget: Any = None  # once known, it decides which origins may read the answer

    def origin(self) -> str:
        """The page's origin: the Origin header, or that of Referer, or ""."""
        origin = self.headers.get(b"origin", b"").decode("latin-1")
        if origin:
            return "" if origin == "null" else origin
        scheme, separator, rest = self.headers.get(b"referer", b"").decode("latin-1").partition("://")
        return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}" if separator else ""

    def find_sender(self, addresses: Addresses) -> Sender:
        """Who sends, without an API key."""
        user_agent = self.headers.get(b"user-agent", b"")
        return Sender(
            self.origin(), addresses.of_request(self.scope, self.headers), user_agent, is_bot(user_agent[:512]),
            accept_language=self.headers.get(b"accept-language", b""),
        )  # fmt: skip

    def media_type(self) -> bytes:
        """The content type without its parameters, lower case."""
        return _media_type(self.headers.get(b"content-type", b"")[:200])

    def announced_bytes(self, limit: int) -> int:
        """The length of the query and of the body that is to come, which is `limit` where it is not said.

        Raises:
            FeelbackError: 413 where the body is longer than `limit`.
        """
        declared = self.headers.get(b"content-length")
        if declared is None:
            return len(self.query) + (limit if b"transfer-encoding" in self.headers else 0)
        if not declared.isdigit() or len(declared) > 12 or int(declared) > limit:
            raise _too_large(limit)
        return len(self.query) + int(declared)

    async def body(self, settings: Settings, loop: asyncio.AbstractEventLoop) -> bytes:
        """The whole body of a request whose announced length was accepted.

        Raises:
            FeelbackError: 413 where it is longer than allowed, 408 where it takes longer.
            ClientGoneError: it broke off.
        """
        limit = settings.limit_body_bytes
        if self.content is not None:
            if len(self.content) > limit:
                raise _too_large(limit)
            return self.content
        body: bytes = b""
        length = int(self.headers.get(b"content-length", b"0"))
        task = asyncio.current_task(loop)  # to look for the loop asks the kernel for the process's number
        READING[task] = time.monotonic() + settings.limit_body_seconds
        try:
            while True:
                message = await self.receive()
                if message["type"] != "http.request":
                    raise ClientGoneError
                body = body + message["body"] if body else message["body"]
                if len(body) == length > 0 or not message["more_body"]:
                    return body
                if len(body) > limit:
                    raise _too_large(limit)
        except asyncio.CancelledError:
            if task is None or task not in OVERDUE:
                raise
            task.uncancel()
            seconds = settings.limit_body_seconds
            raise FeelbackError(408, f"The body took longer than {seconds} seconds.", limit=seconds) from None
        finally:
            READING.pop(task, None)
            if OVERDUE:
                OVERDUE.discard(task)


@lru_cache(maxsize=1000)
def _media_type(content_type: bytes) -> bytes:
    return content_type.partition(b";")[0].strip().lower()


# A timer a request costs more than all else that is done to read a body, so one watch looks at all of them.
READING: dict[Any, float] = {}
OVERDUE: set[Any] = set()


async def watch_bodies() -> None:
    """Ends, once a second, the reading of bodies that take longer than they may; runs until it is cancelled."""
    while True:
        await asyncio.sleep(1)
        now = time.monotonic()
        for task, end in list(READING.items()):
            if end < now and task not in OVERDUE:
                OVERDUE.add(task)
                task.cancel()


class ClientGoneError(Exception):
    """The client went away before its request was whole; there is nobody to answer."""


def _too_large(limit: int) -> FeelbackError:
    return FeelbackError(413, f"The body is longer than {limit} bytes.", headers={"connection": "close"}, limit=limit)


class Answer:
    """A finished answer; its headers without content-length and CORS, which the gate adds."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes, headers: Headers) -> None:
        self.status, self.body, self.headers = status, body, headers


def written(status: int, body: bytes) -> Answer:
    """The answer to a write: JSON, which no cache keeps unless it is told to."""
    return Answer(status, body, [(b"content-type", b"application/json")])


def read(request: Request, body: bytes, max_age: int = 0) -> Answer:
    """The answer to a read, or 304 where the client has just that; a copy is good for `max_age` seconds.

    Counts are exact at every read: a copy may be kept, and must be asked about, which costs no body.
    """
    tag = b'"%b"' % sha256(body, usedforsecurity=False).hexdigest()[:18].encode()
    headers = [(b"cache-control", b"public, max-age=%d, must-revalidate" % max_age), (b"etag", tag)]
    known = request.headers.get(b"if-none-match")
    if known is not None and (known == b"*" or tag in known):
        return Answer(304, b"", headers)
    headers.append((b"content-type", b"application/json"))
    return Answer(200, body, headers)


def bearer(request: Request) -> str:
    """The secret of the `Authorization: Bearer` header.

    Raises:
        FeelbackError: 401 where the header is of another kind.
    """
    kind, _, secret = request.headers[b"authorization"].decode("latin-1").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise FeelbackError(401, "Send an API key of the project, as Authorization: Bearer fbk_send_….")
    return secret.strip()
