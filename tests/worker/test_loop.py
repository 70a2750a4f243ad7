"""What a loop of the worker, and the connection that wakes it, do at an unlucky moment."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from app.database.listener import Listener
from app.worker import loop
from app.worker.loop import Kind, Loop


class Resting:
    """Has nothing to do, and loses the database when it asks how long."""

    def __init__(self) -> None:
        self.looks, self.has_looked_again = 0, asyncio.Event()

    async def claim(self) -> str | None:
        self.looks += 1
        if self.looks == 2:
            self.has_looked_again.set()
        return None

    async def do(self, item: str) -> str:
        return "done"

    async def rest(self) -> float | None:
        if self.looks == 1:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        return None

    async def close(self) -> None:
        pass


async def test_it_goes_on_after_the_database_was_lost_while_it_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "FIRST_PAUSE", 0.01)
    handler, outcomes = Resting(), Counter[str]()
    work = Loop(Kind("event", "event", lambda _: handler), handler, lambda _, outcome: outcomes.update([outcome]))
    task = asyncio.create_task(work.run())
    async with asyncio.timeout(10):
        await handler.has_looked_again.wait()
    work.stop()
    await task


@pytest.mark.parametrize("steps", range(6))
async def test_waiting_ends_when_cancelled_as_a_notice_comes(database: str, steps: int) -> None:
    listener = Listener(database, ["event"])

    async def listen() -> None:
        while True:
            await listener.wait(30)

    task = asyncio.create_task(listen())
    await asyncio.sleep(0.3)
    listener.wake()
    for _ in range(steps):  # of the event loop, in which the notice gets to those who wait
        await asyncio.sleep(0)
    task.cancel()
    ended, _ = await asyncio.wait([task], timeout=5)
    await listener.close()
    assert ended


class Finishing:
    """Has three items; when the loop stops, the first ends, the second fails, and the third ends later."""

    def __init__(self, error: Exception) -> None:
        self.items, self.error = [0, 1, 2], error
        self.has_begun, self.is_stopped = asyncio.Event(), asyncio.Event()

    async def claim(self) -> int | None:
        return self.items.pop(0) if self.items else None

    async def do(self, item: int) -> str:
        self.has_begun.set()
        await self.is_stopped.wait()
        await asyncio.sleep(0.02 * item)
        if item == 1:
            raise self.error
        return "sent"

    async def rest(self) -> float | None:
        return None

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("is_once", [False, True])
@pytest.mark.parametrize("error", [RuntimeError("unexpected"), OSError("the database is gone")], ids=["bug", "down"])
async def test_at_a_stop_items_end_though_another_one_fails(
    error: Exception, is_once: bool, caplog: pytest.LogCaptureFixture
) -> None:
    handler, outcomes = Finishing(error), Counter[str]()
    kind = Kind("mail", "mail", lambda _: handler, most=3, is_finished=True)
    work = Loop(kind, handler, lambda _, outcome: outcomes.update([outcome]))
    task = asyncio.create_task(work.drain() if is_once else work.run())
    await handler.has_begun.wait()
    work.stop()
    handler.is_stopped.set()
    if is_once:
        with pytest.raises(type(error)):
            await task
    else:
        await task
        assert len(caplog.records) == 1
    assert outcomes == {"sent": 2}
    await work.close()
