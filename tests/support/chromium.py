"""One Chromium for all tests of a process, each of which has a context of its own: a profile, empty at first.

To start one, and Playwright's driver, takes more time than most tests do with it. Playwright's own `connect` needs such
a driver in each event loop, and each test has a loop: so this speaks to the one driver of the process itself.
"""

import asyncio
import atexit
import contextlib
import json
import os
import subprocess
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright._impl._driver import compute_driver_executable
from playwright._impl.browser import Browser as BrowserImplementation
from playwright._impl.connection import Connection
from playwright.async_api import Browser, expect
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Request, TextMessage

SCRIPT = Path(__file__).with_suffix(".mjs")
expect.set_options(timeout=15_000)  # milliseconds: on a busy machine a page takes longer than the 5 s of Playwright


class Chromium:
    """A driver and its Chromium, which end with this process."""

    def __init__(self, executable: str) -> None:
        node, script = compute_driver_executable()
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        options = {"executablePath": executable, "args": args, "host": "127.0.0.1"}
        self.process = subprocess.Popen(
            [node, SCRIPT, Path(script).parent / "index.js", json.dumps(options)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        atexit.register(self.stop)
        assert self.process.stdout is not None
        self.address = urlsplit(self.process.stdout.readline().decode().strip())
        assert self.address.port, "Chromium did not start"

    def stop(self) -> None:
        """End both."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


class Wire:
    """A WebSocket to the driver."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer, self._protocol = reader, writer, WSConnection(ConnectionType.CLIENT)

    def send(self, event: Any) -> None:
        """Send an event of the protocol."""
        self._writer.write(self._protocol.send(event))

    async def messages(self) -> AsyncIterator[str | None]:
        """What arrives: None once the connection is open, then messages."""
        parts: list[str] = []
        while data := await self._reader.read(2**18):
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                if isinstance(event, AcceptConnection):
                    yield None
                elif isinstance(event, TextMessage):
                    parts.append(event.data)
                    if event.message_finished:
                        yield "".join(parts)
                        parts.clear()
                elif isinstance(event, Ping):
                    self.send(event.response())
                elif isinstance(event, CloseConnection):
                    return

    async def close(self) -> None:
        """Close it."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


@contextlib.asynccontextmanager
async def connected(executable: str | None) -> AsyncIterator[Browser]:
    """The Chromium of this process; contexts that are open at the end are closed."""
    assert executable is not None, "chromium is missing: run tests/install"
    chromium = _started(executable)
    if chromium.process.poll() is not None:  # it crashed in a test before
        _started.cache_clear()
        chromium = _started(executable)
    address = chromium.address
    wire = Wire(*await asyncio.open_connection(address.hostname, address.port))
    connection = Connection(asyncio.get_running_loop())
    connection.onmessage = lambda message: wire.send(TextMessage(json.dumps(message, allow_nan=False)))
    messages = wire.messages()
    wire.send(Request(host=address.netloc, target=address.path))
    assert await anext(messages) is None

    async def dispatch() -> None:
        async for message in messages:
            try:
                connection.dispatch(json.loads(message or ""))
            except Exception as error:  # of a listener: the next call raises it, as with Playwright's own transport
                connection._on_event_listener_error(error)
            await asyncio.sleep(0)
        connection.close()

    task = asyncio.create_task(dispatch())
    try:
        playwright = await connection.initialize_playwright()
        implementation = BrowserImplementation.from_(playwright._initializer["preLaunchedBrowser"])
        implementation._connect_to_browser_type(playwright.chromium, {}, None)
        browser = Browser(implementation)
        yield browser
        for context in list(browser.contexts):
            await context.close()
    finally:
        connection.close()
        await wire.close()
        await task


_started = cache(Chromium)
