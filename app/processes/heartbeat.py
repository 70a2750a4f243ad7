"""Signs of life of a process, each second: a byte for its supervisor, or a file for a container's HEALTHCHECK."""

import asyncio
import contextlib
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

ENVIRON = "FEELBACK_HEARTBEAT"  # the file descriptor of the pipe; 0 for none
SECONDS = 1.0
FILE = Path(tempfile.gettempdir(), "feelback-heartbeat")  # of a worker or scheduler that has no supervisor


def beat_in_loop() -> None:
    """Beat from the running event loop until it ends: a loop that is blocked is silent."""
    loop, beat = asyncio.get_running_loop(), _beat()

    def again() -> None:
        beat()
        loop.call_later(SECONDS, again)

    again()


def beat_in_thread() -> None:
    """Beat from a thread, as long as this process runs."""
    beat, ended = _beat(), threading.Event()

    def run() -> None:
        while True:
            beat()
            ended.wait(SECONDS)

    threading.Thread(target=run, name="heartbeat", daemon=True).start()


def _beat() -> Callable[[], None]:
    text = os.environ.get(ENVIRON, "")
    if not text:
        return _touch
    descriptor = int(text)

    def write() -> None:
        # The pipe is full while the supervisor is suspended, and closed when it has ended.
        with contextlib.suppress(OSError):
            os.write(descriptor, b".")

    return write


def _touch() -> None:
    with contextlib.suppress(OSError):  # nothing may be written here; then the HEALTHCHECK fails
        FILE.touch()
