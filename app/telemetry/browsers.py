"""POST /errors: what panel and SDK report of errors in browsers, scrubbed and passed on to Sentry.

A page never loads anything from Sentry, and Sentry never sees who was there: no address, no page, no text.
"""

import re
import time
from typing import Any

import msgspec

from app.http.scope import add_route
from app.telemetry import sentry
from app.text import urls
from app.text.strict_json import UNREADABLE

MOST_BYTES = 8192
MOST_FRAMES = 30
RATE, BURST = 1.0, 20.0  # reports a second that each web process passes on; the rest are dropped
FRAME = re.compile(r"(?:at )?(?:async )?([\w$.<>]{1,80})?\s?[(@]?(https?://[^\s()]{1,500}):(\d{1,7}):(\d{1,7})\)?$")
KIND = re.compile(r"[A-Z][A-Za-z]{0,40}(?:Error|Exception)")
PRIVATE = (
    (re.compile(r'"[^"]*"?|“[^”]*”?|`[^`]*`?'), '"…"'),
    (re.compile(r"\S+@\S+|https?://\S+"), "…"),
    (re.compile(r"\d{3,}"), "…"),
)
QUOTED = re.compile(r"'([^']*)'?")
NAME = re.compile(r"[A-Za-z_$][\w$.]{0,39}")
HEADERS = [(b"access-control-allow-origin", b"*"), (b"cache-control", b"no-store")]


class Report(msgspec.Struct):
    """The body of a report: an error's name, message and stack."""

    source: str
    name: str = ""
    message: str = ""
    stack: str = ""


class BrowserErrors:
    """An ASGI application that answers /errors and passes everything else to `fallback`.

    `host` is ours, with its port.
    """

    def __init__(self, fallback: Any, host: str) -> None:
        self._fallback, self._host = fallback, host
        self._level, self._at = BURST, time.monotonic()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/errors" or scope["method"] not in ("POST", "OPTIONS"):
            await self._fallback(scope, receive, send)
            return
        add_route(scope, "/errors")
        if scope["method"] == "POST" and (body := await _body(receive)) and self._is_let_through():
            self._pass_on(body)
        await send({"type": "http.response.start", "status": 204, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b""})

    def _pass_on(self, body: bytes) -> None:
        try:
            report = msgspec.json.decode(body, type=Report)
        except UNREADABLE:
            return
        if report.source in ("panel", "sdk"):
            kind = report.name if KIND.fullmatch(report.name) else "Error"
            sentry.report(kind, scrubbed(report.message), frames(report.stack, self._host), report.source)

    def _is_let_through(self) -> bool:
        now = time.monotonic()
        self._level, self._at = min(BURST, self._level + (now - self._at) * RATE), now
        if self._level < 1:
            return False
        self._level -= 1
        return True


def scrubbed(message: str) -> str:
    """Remove what may be private: URLs, email addresses, long numbers, and quoted texts that are not identifiers."""
    text = " ".join(message[:2000].split())
    for pattern, instead in PRIVATE:
        text = pattern.sub(instead, text)
    return QUOTED.sub(lambda match: match[0] if NAME.fullmatch(match[1]) else "'…'", text)[:200]


def frames(stack: str, host: str) -> list[dict[str, Any]]:
    """Parse a stack into Sentry's frames, the innermost last. Files other than our own become `(the page)`."""
    frames = []
    for line in stack.splitlines()[: MOST_FRAMES + 1]:
        match = FRAME.search(line.strip()[:700])
        if match:
            function, url, row, column = match.groups()
            parts = urls.parts(url)
            ours = (parts.netloc == host and parts.path.startswith("/static/")) or "/sdk/" in parts.path
            path = re.sub(r"^.*(?=/sdk/)", "", parts.path) if ours and parts.netloc != host else parts.path
            frames.append(
                {
                    "filename": path if ours else "(the page)",
                    "function": function or "?",
                    "lineno": int(row),
                    "colno": int(column),
                    "in_app": bool(ours),
                }
            )
    return frames[::-1]


async def _body(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        if len(body) <= MOST_BYTES:
            body += message.get("body", b"")
        if not message.get("more_body"):
            return body if len(body) <= MOST_BYTES else b""
