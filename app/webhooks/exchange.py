"""One exchange with an address that a user has chosen. The only module that imports httpcore.

request.py loads it with the first request: it takes 2.5 MB, and most installations never send one.
"""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import httpcore

from app.config.parse import Network
from app.errors import FeelbackError
from app.webhooks.addresses import ForbiddenAddress, parsed, resolved

logging.getLogger("httpcore").setLevel(logging.WARNING)  # it logs URLs
# What may happen to a request besides a status; `problem` names it.
FAULTS = (
    FeelbackError, ForbiddenAddress, OSError, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)  # fmt: skip


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


@contextlib.asynccontextmanager
async def answer(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], networks: Sequence[Network], seconds: float
) -> AsyncIterator[httpcore.Response]:
    """The answer to one request, whose body is read within `seconds`. Raises FAULTS."""
    scheme, _ = parsed(url)  # it may have been stored by an earlier version
    backend = _Backend(networks, scheme == "https")
    pool = httpcore.AsyncConnectionPool(network_backend=backend, max_connections=1, max_keepalive_connections=0)
    names: dict[bytes | str, bytes | str] = {"accept-encoding": "identity"}
    names.update(headers)
    try:
        async with asyncio.timeout(seconds), pool, pool.stream(method, url, headers=names, content=body) as response:
            yield response
    finally:
        await backend.close()


def problem(error: BaseException) -> str:
    """The name of one of FAULTS, as in PROBLEMS."""
    if isinstance(error, FeelbackError):
        return "url"
    if isinstance(error, ForbiddenAddress):
        return str(error)
    if isinstance(error, (TimeoutError, httpcore.TimeoutException)):
        return "timeout"
    if isinstance(error, httpcore.ConnectError) and (isinstance(error.__cause__, ssl.SSLError) or "SSL" in str(error)):
        return "tls"
    return "connect" if isinstance(error, (httpcore.NetworkError, OSError)) else "protocol"
