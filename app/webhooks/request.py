"""One request to an address that a user has chosen. The only module that imports httpcore."""

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore

from app.config.parse import Network
from app.errors import FeelbackError
from app.webhooks.addresses import ForbiddenAddress, parsed, resolved
from app.webhooks.problems import status_problem

logging.getLogger("httpcore").setLevel(logging.WARNING)  # it logs URLs
SECONDS = 10  # for all of a request and its answer
MOST_BYTES = 65_536  # that are read of an answer
STORED_BYTES = 1024
# What may happen to a request besides a status; `_problem` names it.
FAULTS = (
    FeelbackError, ForbiddenAddress, OSError, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request: a name of PROBLEMS or None, the status and beginning of the answer, the time it took.

    `retry_after` is the number of seconds that the receiver asks to wait.
    """

    problem: str | None
    status: int | None
    text: str | None
    retry_after: float | None
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of an API: a name of PROBLEMS or None, its status, headers in lower case, and whole body."""

    problem: str | None
    status: int | None
    headers: Mapping[str, str]
    body: bytes


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to the address that was checked, once per request; the host name remains that of TLS."""

    def __init__(self, networks: Sequence[Network], is_secure: bool) -> None:
        self._networks, self._is_secure = networks, is_secure
        self._tcp = httpcore.AnyIOBackend()
        self._streams: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        address = await resolved(host, port, self._networks, is_secure=self._is_secure)
        stream = await self._tcp.connect_tcp(address, port, timeout, local_address, socket_options)
        self._streams.append(stream)
        return stream

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        """Close what httpcore leaves open when a TLS handshake is cancelled."""
        for stream in self._streams:
            await stream.aclose()


async def post(
    url: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network] = (), *, seconds: float = SECONDS
) -> Answer:
    """Send a JSON body. Redirects are not followed, and no proxy of the environment is used.

    The status decides as soon as it is there: a body that is long or slow is read in part.
    """
    begun = time.monotonic()
    status, after, text, problem = None, None, bytearray(), None
    names = {"content-type": "application/json", "user-agent": "Feelback-Webhooks/1", **headers}
    try:
        async with _answer("POST", url, body, names, networks, seconds) as answer:
            status, after = answer.status, _retry_after(answer.headers)
            async for part in answer.aiter_stream():
                text += part
                if len(text) >= MOST_BYTES:
                    break
    except FAULTS as error:
        problem = _problem(error)
    if status is not None:
        problem = status_problem(status)
    stored = bytes(text[:STORED_BYTES]).decode(errors="replace").replace("\x00", "\ufffd")
    return Answer(
        problem,
        status,
        _within(stored) if status is not None else None,
        after,
        round((time.monotonic() - begun) * 1000),
    )


async def fetch(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], networks: Sequence[Network] = (),
    *, most_bytes: int = 8_388_608, seconds: float = SECONDS,
) -> Fetched:  # fmt: skip
    """Send a request to an API that a user has chosen, as `post` does, and read the whole answer.

    `problem` is about the connection: a status is none. An answer of more than `most_bytes` is the problem `protocol`.
    """
    text = bytearray()
    try:
        async with _answer(method, url, body, {"user-agent": "Feelback/1", **headers}, networks, seconds) as answer:
            async for part in answer.aiter_stream():
                text += part
                if len(text) > most_bytes:
                    return Fetched("protocol", answer.status, {}, b"")
            lines = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            return Fetched(None, answer.status, lines, bytes(text))
    except FAULTS as error:
        return Fetched(_problem(error), None, {}, b"")


@contextlib.asynccontextmanager
async def _answer(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], networks: Sequence[Network], seconds: float
) -> AsyncIterator[httpcore.Response]:
    """The answer to one request, whose body is read within `seconds`. Raises FAULTS."""
    scheme, _ = parsed(url)  # it may have been stored by an earlier version
    backend = _Backend(networks, scheme == "https")
    pool = httpcore.AsyncConnectionPool(network_backend=backend, max_connections=1, max_keepalive_connections=0)
    names: dict[bytes | str, bytes | str] = {"accept-encoding": "identity"}
    names.update(headers)
    try:
        async with asyncio.timeout(seconds), pool, pool.stream(method, url, headers=names, content=body) as answer:
            yield answer
    finally:
        await backend.close()


def _problem(error: BaseException) -> str:
    if isinstance(error, FeelbackError):
        return "url"
    if isinstance(error, ForbiddenAddress):
        return str(error)
    if isinstance(error, (TimeoutError, httpcore.TimeoutException)):
        return "timeout"
    if isinstance(error, httpcore.ConnectError) and (isinstance(error.__cause__, ssl.SSLError) or "SSL" in str(error)):
        return "tls"
    return "connect" if isinstance(error, (httpcore.NetworkError, OSError)) else "protocol"


def _within(text: str) -> str:
    # A byte that is none becomes three.
    return text.encode()[:STORED_BYTES].decode(errors="ignore")


def _retry_after(headers: Sequence[tuple[bytes, bytes]]) -> float | None:
    return retry_seconds(
        next((value.decode("latin-1") for name, value in headers if name.lower() == b"retry-after"), "")
    )


def retry_seconds(value: str) -> float | None:
    """The seconds that a Retry-After header asks to wait; None if it is none."""
    value = value.strip()
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return float(value)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        at = parsedate_to_datetime(value)
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    return None
