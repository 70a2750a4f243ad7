"""A website of another origin than the server's, and a browser that visits it."""

import contextlib
import json
import os
import shutil
import threading
from collections.abc import AsyncIterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

TESTS = Path(__file__).resolve().parent.parent
MODULES = TESTS / "node_modules"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NEWEST = TESTS.parent / "static/sdk" / json.loads((TESTS.parent / "static/sdk/integrity.json").read_text())["version"]
# What the attributes data-feelback* of a page are served by.
BUILDS = {"published": MODULES / "@feelback/js/dist/browser-auto.js", "ours": NEWEST / "auto.js"}


class Pages:
    """A website: pages made by tests, and the scripts that they load; `headers` go with every page."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self.content: dict[str, tuple[str, bytes]] = {}
        self.headers = dict(headers or {})
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, body = pages.content.get(self.path.partition("?")[0], ("text/plain", b""))
                self.send_response(200 if body else 404)
                self.send_header("content-type", kind)
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

    def add(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8") -> None:
        """Puts a page or file at a path."""
        self.content[path] = (kind, body.encode() if isinstance(body, str) else body)


@contextlib.asynccontextmanager
async def browsing(**context: Any) -> AsyncIterator[Page]:
    """A page of a browser."""
    async with async_playwright() as playwright:
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        try:
            page = await browser.new_page(**context)
            page.set_default_timeout(10_000)
            yield page
        finally:
            await browser.close()
