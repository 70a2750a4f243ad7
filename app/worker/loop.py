"""The loop of one kind of work: claim an item that is due, do it, then wait for a notification or a timeout."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from app import errors
from app.config import Settings
from app.database import db
from app.mail.smtp import Smtp

log = logging.getLogger(__name__)
LOOK_SECONDS = 30  # without a notification: for items due again, and in case one was lost
SOON = 0.1  # seconds, at least, between two looks
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds, after an outcome that others would have too
DOWN = "down"
UNKNOWN = "unknown"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Resources:
    """What the handlers of a worker share. Without a `transport` mails are stored in the database."""

    settings: Settings
    dsn: str
    pool: db.Pool
    transport: Smtp | None


class Handler(Protocol[Item]):
    """Does one kind of work."""

    async def claim(self) -> Item | None:
        """Claim an item that is due; None if there is none."""

    async def do(self, item: Item) -> str:
        """Do the work, mark it as done, and return the outcome.

        The outcome is `down` if a remote service is unavailable, so that other items would fail now as well.
        """

    async def rest(self) -> float | None:
        """Free resources that only work needs. Called when nothing is due.

        Returns in how many seconds something will be, where that is known.
        """

    async def close(self) -> None:
        """Free all resources."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work, as fn.work_kind lists it. A notification on `channel` says that items may be due.

    At most `most` items are in progress at once. At a stop they are finished if `is_finished`, else cancelled. Outcomes
    of kinds with `is_mail` are counted for `feelback work`.
    """

    name: str
    channel: str
    handler: Callable[[Resources], Handler[Any]]
    most: int = 1
    is_finished: bool = False
    is_mail: bool = False


class Loop(Generic[Item]):
    """Works on items of one kind, and calls `report` with each outcome."""

    def __init__(self, kind: Kind, handler: Handler[Item], report: Callable[[Kind, str], None]) -> None:
        self._kind, self._handler, self._report = kind, handler, report
        self._woken, self._stop = asyncio.Event(), asyncio.Event()
        self._under_way: set[asyncio.Task[str]] = set()

    @property
    def channel(self) -> str:
        """The channel whose notifications wake this loop."""
        return self._kind.channel

    def wake(self) -> None:
        """Look for work now."""
        self._woken.set()

    def stop(self) -> None:
        """Stop claiming; finish or cancel the items in progress."""
        self._stop.set()
        self._woken.set()
        if not self._kind.is_finished:
            self._cancel()

    async def run(self) -> None:
        """Work until stopped. Waits for a database or remote service that is unavailable."""
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                outcome = await self._step()
                due_in = await self._handler.rest() if outcome is None else None
            except asyncio.CancelledError:
                if not self._stop.is_set():
                    raise
                return
            except Exception as error:
                self._log(error, pause)
                outcome = DOWN
            if outcome in (DOWN, UNKNOWN):  # a server that does not answer would leave all of them unknown
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._stop.wait()
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            if outcome is None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(LOOK_SECONDS, max(due_in or LOOK_SECONDS, SOON))):
                        await self._woken.wait()
                self._woken.clear()
        # An error that is raised here would cancel the items of the other loops.
        for failure in await self._finish():
            self._log(failure)

    async def drain(self) -> tuple[bool, bool]:
        """Work until nothing is due.

        Returns whether anything was due, and whether work ended because a remote service is unavailable.
        """
        was_due, outcome = False, ""
        while outcome != DOWN and not self._stop.is_set():
            if (following := await self._step()) is None:
                break
            was_due, outcome = True, following
        for failure in await self._finish():
            raise failure
        return was_due, outcome == DOWN

    async def close(self) -> None:
        """Cancel the items in progress and free all resources."""
        self._cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._handler.close()

    async def _step(self) -> str | None:
        """Work until one item ends and return its outcome; None if none is due or in progress."""
        while len(self._under_way) < self._kind.most and (item := await self._handler.claim()) is not None:
            self._under_way.add(asyncio.create_task(self._handler.do(item)))
            if self._stop.is_set() and not self._kind.is_finished:
                await asyncio.sleep(0)  # only a task that has begun can release its item
                self._cancel()
        if not self._under_way:
            return None
        ended, _ = await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        task = ended.pop()
        self._under_way.discard(task)
        outcome = task.result()
        self._report(self._kind, outcome)
        return outcome

    async def _finish(self) -> list[Exception]:
        """Wait for the items in progress and report their outcomes; returns the errors of those that failed."""
        results = await asyncio.gather(*self._under_way, return_exceptions=True)
        self._under_way.clear()
        for result in results:
            if isinstance(result, str):
                self._report(self._kind, result)
        return [result for result in results if isinstance(result, Exception)]

    def _cancel(self) -> None:
        for task in self._under_way:
            task.cancel()

    def _log(self, error: Exception, pause: float | None = None) -> None:
        then = "it stops" if pause is None else f"next try in {pause:.0f} s"
        if isinstance(error, db.UNAVAILABLE):
            why = f"the database is unavailable ({type(error).__name__})"
            log.warning("Worker (%s): %s; %s", self._kind.name, why, then)
        else:
            log.error("Worker (%s): %s; %s", self._kind.name, errors.trace(error), then)
