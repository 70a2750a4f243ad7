"""A limit of the requests that Quart works on at once, in all and of one address. Others wait a little, or get 503."""

import asyncio
import json
from collections import Counter
from typing import Any

from app.config import Settings
from app.errors import FeelbackError
from app.http.body_limits import body_limit
from app.http.client_address import Addresses

UNLIMITED = ("/healthz", "/readyz")  # load balancers take a machine out that does not answer these
WAIT_SECONDS = 3
ADDRESS_SHARE = 6  # one address has a sixth of the limit in hand
WAITING_SHARE = 4  # and four times as many wait
RETRY_SECONDS = 2


class RequestsInHand:
    """An ASGI application that passes on to `application` so many requests at once as `limit_requests_in_hand` says.

    A request is in hand from the end of its body to the start of its response, so that a client that sends or reads
    slowly, or an event stream, keeps nobody waiting.
    """

    def __init__(self, application: Any, settings: Settings) -> None:
        self._application, self._settings, self._addresses = application, settings, Addresses(settings)
        self._most = settings.limit_requests_in_hand
        self._most_of_one = max(1, self._most // ADDRESS_SHARE)
        self._count, self._count_of = 0, Counter[bytes]()
        self._waiting: dict[asyncio.Future[None], bytes] = {}
        self._waiting_of = Counter[bytes]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self._application(scope, receive, send)
            return
        address = self._addresses.of_request(scope)
        try:
            messages = [] if scope["method"] in ("GET", "HEAD") else await self._body(receive, scope["path"])
            await self._enter(address)
        except FeelbackError as error:
            await _answer(scope, send, error)
            return
        is_in_hand = True

        async def receive_again() -> Any:
            return messages.pop(0) if messages else await receive()

        async def send_on(message: Any) -> None:
            nonlocal is_in_hand
            if is_in_hand:
                is_in_hand = False
                self._leave(address)
            await send(message)

        try:
            await self._application(scope, receive_again, send_on)
        finally:
            if is_in_hand:
                self._leave(address)

    async def _body(self, receive: Any, path: str) -> list[Any]:
        # A body that is too long is passed on as far as it was read: Quart refuses it with a page.
        messages, size, seconds = [], 0, self._settings.limit_body_seconds
        try:
            async with asyncio.timeout(seconds):
                while True:
                    message = await receive()
                    messages.append(message)
                    size += len(message.get("body", b""))
                    if not message.get("more_body") or size > body_limit(self._settings, path):
                        return messages
        except TimeoutError:
            text = f"The body took longer than {seconds} seconds."
            raise FeelbackError(408, text, headers={"connection": "close"}, limit=seconds) from None

    async def _enter(self, address: bytes) -> None:
        if self._has_room(address):
            self._take(address)
            return
        if len(self._waiting) >= self._most * WAITING_SHARE or (
            self._waiting_of[address] >= self._most_of_one * WAITING_SHARE
        ):
            raise _busy()
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = address
        self._waiting_of[address] += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await turn
        except TimeoutError:
            if turn.done() and not turn.cancelled():  # its turn came in the last moment
                return
            self._stop_waiting(turn)
            raise _busy() from None
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(address)
            self._stop_waiting(turn)
            raise

    def _has_room(self, address: bytes) -> bool:
        return self._count < self._most and self._count_of[address] < self._most_of_one

    def _take(self, address: bytes) -> None:
        self._count += 1
        self._count_of[address] += 1

    def _leave(self, address: bytes) -> None:
        self._count -= 1
        _subtract(self._count_of, address)
        for turn, waiting_address in self._waiting.items():
            if self._has_room(waiting_address) and not turn.done():
                self._take(waiting_address)
                self._stop_waiting(turn)
                turn.set_result(None)
                return

    def _stop_waiting(self, turn: "asyncio.Future[None]") -> None:
        address = self._waiting.pop(turn, None)
        if address is not None:
            _subtract(self._waiting_of, address)


def _subtract(counter: Counter[bytes], address: bytes) -> None:
    counter[address] -= 1
    if counter[address] <= 0:
        del counter[address]


def _busy() -> FeelbackError:
    return FeelbackError(
        503, "The server is busy. Try again in a few seconds.", headers={"retry-after": str(RETRY_SECONDS)}
    )


async def _answer(scope: Any, send: Any, error: FeelbackError) -> None:
    is_api = scope["path"].startswith(("/v0/", "/v1/"))
    body = json.dumps(error.body()).encode() if is_api else f"{error.message}\n".encode()
    kind = b"application/json" if is_api else b"text/plain; charset=utf-8"
    headers = [
        (b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *[(name.encode(), value.encode()) for name, value in error.headers.items()],
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
