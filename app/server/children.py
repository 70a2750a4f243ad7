"""The supervisor's child processes: started, restarted when they end or are silent, and stopped."""

import contextlib
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.processes import heartbeat
from app.telemetry.starts import FOLDER, Starts

log = logging.getLogger(__name__)
STOP_SECONDS = 40
STEADY_SECONDS = 10  # a child that ran this long did not fail at its start
LONGEST_PAUSE = 10
SILENT_SECONDS = 15  # without a heartbeat
START_SECONDS = 60  # until the first heartbeat
NAMES = {"_web": "Web process", "_work": "Worker", "_wake": "Waker", "_scheduler": "Scheduler"}


@dataclass
class Child:
    """A process to keep running: `python -m app <command>`."""

    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    start_at: float = 0
    failures: int = 0
    pipe: int = -1
    silent_after: float = field(default=0, repr=False)

    @property
    def is_web(self) -> bool:
        """Whether it is a web process."""
        return self.command[0] == "_web"

    def start(self, lifeline: int, descriptors: Iterable[int], environ: dict[str, str]) -> None:
        """Start it, with `lifeline` as its standard input."""
        reading, writing = os.pipe()
        for end in (reading, writing):
            os.set_blocking(end, False)
        self.pipe, self.started = reading, time.monotonic()
        self.silent_after = self.started + START_SECONDS
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "app", *self.command],
                stdin=lifeline, pass_fds=[*descriptors, writing], start_new_session=True,
                env={**environ, heartbeat.ENVIRON: str(writing)},
            )  # fmt: skip
        finally:
            os.close(writing)

    def listen(self, now: float) -> None:
        """Kill it if it was silent for too long: a process that does not answer heeds no other signal."""
        with contextlib.suppress(BlockingIOError):
            if os.read(self.pipe, 65_536):
                self.silent_after = now + SILENT_SECONDS
        if now > self.silent_after and self.process is not None:
            log.error(
                "%s (process %d) does not answer and is replaced", NAMES.get(self.command[0], ""), self.process.pid
            )
            self.process.kill()
            self.process.wait()

    def has_ended(self) -> bool:
        """Whether it is to be started (again)."""
        return self.process is None or self.process.poll() is not None

    def clean_up(self, now: float, *, is_new: bool) -> None:
        """After its end: log it, and put the next start off after each failure at the start."""
        if self.process is None:
            return
        os.close(self.pipe)
        lived = now - self.started
        # While nothing has answered yet, even a slow end is a failure to start.
        self.failures = 0 if lived > STEADY_SECONDS and not is_new else self.failures + 1
        pause = min(0.25 * 2**self.failures, LONGEST_PAUSE) if self.failures else 0
        log.error(
            "%s ended with %d after %d s, restart in %.1f s",
            NAMES.get(self.command[0], ""), self.process.returncode, lived, pause,
        )  # fmt: skip
        self.process, self.start_at = None, now + pause


class Children:
    """All child processes. `descriptors` are those that web processes inherit."""

    def __init__(self, children: list[Child], lifeline: int, descriptors: list[int], environ: dict[str, str]) -> None:
        self._children, self._lifeline = children, lifeline
        self._descriptors, self._environ = descriptors, environ
        self._starts = Starts(environ.get(FOLDER))
        self._looked_at = time.monotonic()

    def keep(self, on_failure: Callable[[Child], None], *, is_new: bool) -> None:
        """Start and restart what is to run. `on_failure` is called for each that ended; `is_new` until one answered."""
        now = time.monotonic()
        is_late = now - self._looked_at > SILENT_SECONDS / 3
        self._looked_at = now
        for child in self._children:
            if is_late:  # this machine slept, and they with it
                child.silent_after = max(child.silent_after, now + SILENT_SECONDS)
            if not child.has_ended():
                child.listen(now)
            if child.has_ended():
                if child.process is not None:
                    child.clean_up(now, is_new=is_new)
                    on_failure(child)
                if now >= child.start_at:
                    self._starts.add(child.command[0].strip("_"))
                    child.start(self._lifeline, self._descriptors if child.is_web else [], self._environ)

    def stop(self) -> None:
        """Let all finish what they do, and kill those that take longer than STOP_SECONDS."""
        processes = [child.process for child in self._children if child.process is not None]
        deadline = time.monotonic() + STOP_SECONDS
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("Process %d did not stop in %d s and was killed", process.pid, STOP_SECONDS)
                process.kill()
                process.wait()
            except KeyboardInterrupt:
                for each in processes:
                    each.kill()
                raise
