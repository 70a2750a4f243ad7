"""The real application and server, in a thread of the test's process: ready in a tenth of the time of processes."""

import asyncio
import contextlib
import threading
import urllib.request
from collections.abc import Iterator, Mapping

import uvloop

from app import config
from app.server import supervisor, web_process
from tests.support.serving import DEFAULT_SERVER, Server, free_port
from tests.support.settings import SECRET


class Thread(Server):
    """A web process, but for the process."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(int(environ.get("PORT") or free_port()))
        environ = {"SECRET_KEY": SECRET, "SERVER": DEFAULT_SERVER, **environ, "PORT": str(self.port)}
        self._settings = config.load(environ)
        self._listener = supervisor.listen(self._settings)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="server")
        self._thread.start()
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=60).close()
        except OSError:
            self._thread.join(10)
            raise self._failure or TimeoutError("The server did not start in 60 seconds") from None

    def stop(self) -> int:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(60)
        if self._failure is not None:
            raise self._failure
        return int(self._thread.is_alive())

    def _run(self) -> None:
        try:
            with self._listener, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._answer())
        except BaseException as error:  # raised again in the test's thread
            self._failure = error

    async def _answer(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await web_process.answer(self._settings, self._settings.database_url, self._listener, self._stop)


@contextlib.contextmanager
def serving_in_thread(environ: Mapping[str, str]) -> Iterator[Server]:
    """A server with these settings on a free port, for tests of what it answers.

    It has no supervisor, worker, scheduler or log of its own.

    Raises:
        Exception: the application failed with it.
    """
    server = Thread(environ)
    try:
        yield server
    finally:
        assert server.stop() == 0
