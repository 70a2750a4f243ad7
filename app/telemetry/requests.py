"""Wraps the application to observe requests: an id for each, a log line, metrics."""

import logging
import re
import time
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from app.http.scope import request_route
from app.telemetry.lines import request_id

if TYPE_CHECKING:  # prometheus_client is loaded only where METRICS_TOKEN is set
    from app.telemetry.metrics import Metrics

log = logging.getLogger("app.requests")
OTHER = "other"
PROXY_ID = re.compile(rb"[0-9A-Za-z._-]{8,64}")
QUIET = ("/healthz", "/readyz")  # called all day by load balancers: counted, not logged


class Observed:
    """An ASGI application around another one. Logs a line per request if `is_logged`, and counts it in `metrics`."""

    def __init__(self, application: Any, *, is_logged: bool, metrics: "Metrics | None") -> None:
        self._application, self._is_logged, self._metrics = application, is_logged, metrics

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        id = _id(scope["headers"])
        before = request_id.set(id.decode())

        async def sending(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", id)]}
            await send(message)

        try:
            await self._application(scope, receive, sending)
        finally:
            self._record(scope, status, time.perf_counter() - started)
            request_id.reset(before)

    def _record(self, scope: Any, status: int, seconds: float) -> None:
        route, account = request_route(scope) or (OTHER, None)
        if self._metrics is not None:
            self._metrics.count_request(route, status, seconds)
        if self._is_logged and route not in QUIET:
            fields = {
                "method": scope["method"],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "account": str(account) if account else None,
            }
            log.info("request", extra={"request": fields})


def _id(headers: Any) -> bytes:
    # The id of a proxy, so that its log and ours can be compared.
    for name, value in headers:
        if name in (b"x-request-id", b"fly-request-id") and PROXY_ID.fullmatch(value):
            return bytes(value)
    return token_hex(8).encode()
