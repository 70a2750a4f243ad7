"""Whether this installation can do its work: tried each minute, and more often while it cannot.

A look at the database is not enough: while its disk is full or its standby is gone it answers, and stores nothing.
"""

import asyncio
import contextlib
import logging
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.errors import FeelbackError
from app.queries.health import ServerState

log = logging.getLogger(__name__)
FIRST_SECONDS = 2.0  # a process that starts has better things to do
LOOK_SECONDS = 60.0
FAILING_SECONDS = 5.0
LEAST_FREE_BYTES = 500_000_000
MOST_SECONDS_OFF = 10
WRITES, STANDBY, CLOCK, DISK = "writes", "standby", "clock", "disk"


class Readiness:
    """What is wrong now. Each change is logged once.

    `check_writes` stores a response as requests do, and raises if it cannot. `server_state` reads the server's state.
    `folder` is that of a database on this machine.
    """

    def __init__(
        self,
        check_writes: Callable[[], Awaitable[None]],
        server_state: Callable[[], Awaitable[ServerState]],
        folder: Path | None = None,
    ) -> None:
        self._check_writes, self._server_state, self._folder = check_writes, server_state, folder
        self.problems: dict[str, str] = {}
        self.checked_at = 0.0  # when a response could last be stored, in seconds since 1970
        self.free_bytes = 0
        self._wake = asyncio.Event()

    @property
    def can_store(self) -> bool:
        """Whether responses can be stored, as far as is known."""
        return WRITES not in self.problems

    def look(self) -> None:
        """Look now: a request has failed."""
        if self.can_store:
            self._wake.set()

    async def run(self) -> None:
        """Look until cancelled."""
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            await self.check()
            with contextlib.suppress(TimeoutError):
                seconds = LOOK_SECONDS if self.can_store else FAILING_SECONDS
                async with asyncio.timeout(seconds):
                    await self._wake.wait()
            self._wake.clear()

    async def check(self) -> None:
        """Look once."""
        try:
            await self._check_writes()
        except Exception as error:
            self._report(WRITES, f"responses cannot be stored: {cause(error)}")
            return
        self.checked_at = time.time()
        self._report(WRITES, None)
        with contextlib.suppress(Exception):  # if this fails, so does the next check of writes
            state = await self._server_state()
            is_alone = state.waits_for_standby and state.standbys == 0
            self._report(STANDBY, "commits wait for a standby, and none is connected" if is_alone else None)
            off = time.time() - state.at.timestamp()
            direction = "ahead of" if off > 0 else "behind"
            is_off = abs(off) > MOST_SECONDS_OFF
            self._report(
                CLOCK, f"this machine's clock is {abs(off):.0f} s {direction} the database's" if is_off else None
            )
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self.free_bytes = shutil.disk_usage(self._folder).free
            is_full = self.free_bytes < LEAST_FREE_BYTES
            self._report(DISK, f"only {self.free_bytes // 1_000_000} MB of disk are left" if is_full else None)

    def _report(self, name: str, problem: str | None) -> None:
        before = self.problems.get(name)
        if problem is not None:
            self.problems[name] = problem
            if before is None:
                log.error("Not well: %s", problem)
        elif before is not None:
            del self.problems[name]
            log.warning("Well again; before, %s", before)


def cause(error: BaseException) -> str:
    """The kind of the error, or of that which caused it: never its text, which may quote what a visitor typed."""
    while isinstance(error, FeelbackError) and error.__cause__ is not None:
        error = error.__cause__
    return type(error).__name__
