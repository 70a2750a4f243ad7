"""A website on another origin than the server, and a browser that visits it."""

import contextlib
import json
import shutil
import threading
from collections.abc import AsyncIterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.support.chromium import connected

TESTS = Path(__file__).resolve().parent.parent
MODULES = TESTS / "node_modules"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# The same engine without the browser around it: opens pages with a quarter of the CPU.
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
NEWEST = TESTS.parent / "static/sdk" / json.loads((TESTS.parent / "static/sdk/integrity.json").read_text())["version"]
# The scripts that support the attributes data-feelback* of a page.
BUILDS = {"published": MODULES / "@feelback/js/dist/browser-auto.js", "ours": NEWEST / "auto.js"}


class Pages:
    """A website: files by path, each with its media type; `headers` are sent with every file."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self.files: dict[str, tuple[str, bytes]] = {}
        self.headers = dict(headers or {})
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                media_type, body = pages.files.get(self.path.partition("?")[0], ("text/plain", b""))
                self.send_response(200 if body else 404)
                self.send_header("content-type", media_type)
                self.send_header("content-length", str(len(body)))
                for name, value in pages.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Pages":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, path: str, body: str | bytes, media_type: str = "text/html; charset=utf-8") -> None:
        """Serve `body` at `path`."""
        self.files[path] = (media_type, body.encode() if isinstance(body, str) else body)


@contextlib.asynccontextmanager
async def browsing(*, is_whole: bool = False, **context: Any) -> AsyncIterator[Page]:
    """Open a page in a new context of Chromium; `context` goes to Playwright's `new_page`.

    Where a page sends something when it is left, it needs the whole browser: its engine alone does not do so.
    """
    async with connected(CHROMIUM if is_whole else SHELL) as browser:
        page = await browser.new_page(**{"locale": "en-US", **context})
        page.set_default_timeout(20_000)
        yield page
