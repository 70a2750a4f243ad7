"""The loop of one kind of work: claim what is due, do it, and wait to be woken or for what becomes due by itself."""

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
LOOK_SECONDS = 30  # without being woken: for what is due again, and where notices do not get through
LONGEST_PAUSE = 60  # seconds
DOWN = "down"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Resources:
    """What the handlers of a worker share; without a `transport` mails are kept in the database."""

    settings: Settings
    dsn: str
    pool: db.Pool
    transport: Smtp | None


class Handler(Protocol[Item]):
    """How one kind of work is done."""

    async def claim(self) -> Item | None:
        """An item that is due, which no other worker has now; None where there is none."""

    async def do(self, item: Item) -> str:
        """Do the work, mark it as done, and return the outcome.

        The outcome is `down` where something remote is away, so that other items would fare no better now.
        """

    async def rest(self) -> None:
        """Free what only work needs: nothing is due."""

    async def close(self) -> None:
        """Free everything."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work, as fn.work_kind lists it: when `channel` is notified, some may be due for the handler.

    At most `most` items are under way at once. At a stop they are finished, or else cancelled. The outcomes of kinds
    with `is_mail` are counted for who runs `feelback work`.
    """

    name: str
    channel: str
    handler: Callable[[Resources], Handler[Any]]
    most: int = 1
    is_finished: bool = False
    is_mail: bool = False


class Loop(Generic[Item]):
    """Works on items of one kind until stopped, or until nothing is due; `report` is called with each outcome."""

    def __init__(self, kind: Kind, handler: Handler[Item], report: Callable[[Kind, str], None]) -> None:
        self._kind, self._handler, self._report = kind, handler, report
        self._woken, self._stop = asyncio.Event(), asyncio.Event()
        self._under_way: set[asyncio.Task[str]] = set()

    @property
    def channel(self) -> str:
        """The channel whose notices wake it."""
        return self._kind.channel

    def wake(self) -> None:
        """Look for work now."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; finish what is under way, or cancel it."""
        self._stop.set()
        self._woken.set()
        if not self._kind.is_finished:
            self._cancel()

    async def run(self) -> None:
        """Work until stopped; a database or something remote that is away is waited for."""
        pause = 1
        while not self._stop.is_set():
            try:
                outcome = await self._step()
            except asyncio.CancelledError:
                if not self._stop.is_set():
                    raise
                return
            except Exception as error:
                self._log(error, pause)
                outcome = DOWN
            if outcome == DOWN:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = 1
            if outcome is None:
                await self._handler.rest()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
                self._woken.clear()
        await self._finish()

    async def drain(self) -> tuple[bool, bool]:
        """Work until nothing is due; whether anything was, and whether it ended because something remote is away."""
        was_due, outcome = False, ""
        while outcome != DOWN and not self._stop.is_set():
            if (following := await self._step()) is None:
                break
            was_due, outcome = True, following
        await self._finish()
        return was_due, outcome == DOWN

    async def close(self) -> None:
        """Cancel what is under way, and free what it needs."""
        self._cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._handler.close()

    async def _step(self) -> str | None:
        """The outcome of an item that was due or under way; None where there is none."""
        while len(self._under_way) < self._kind.most and (item := await self._handler.claim()) is not None:
            self._under_way.add(asyncio.create_task(self._handler.do(item)))
            if self._stop.is_set() and not self._kind.is_finished:
                await asyncio.sleep(0)  # a task that has begun can leave its item to another worker
                self._cancel()
        if not self._under_way:
            return None
        done, _ = await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        task = done.pop()
        self._under_way.discard(task)
        outcome = task.result()
        self._report(self._kind, outcome)
        return outcome

    async def _finish(self) -> None:
        for outcome in await asyncio.gather(*self._under_way):
            self._report(self._kind, outcome)
        self._under_way.clear()

    def _cancel(self) -> None:
        for task in self._under_way:
            task.cancel()

    def _log(self, error: Exception, pause: int) -> None:
        if isinstance(error, db.UNAVAILABLE):
            why = f"the database is away ({type(error).__name__})"
            log.warning("Worker (%s): %s; next try in %d s", self._kind.name, why, pause)
        else:
            log.error("Worker (%s): %s; next try in %d s", self._kind.name, errors.trace(error), pause)
