"""Group commit: what arrives together is handed to the database together, once, with no timer."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.errors import FeelbackError, trace

log = logging.getLogger(__name__)


class Batcher:
    """Gathers items while the flush before them is under way, then hands all of them to `flush` at once.

    `flush` takes a list of at most `size` items and returns as many results, each a value or an exception. At most
    `limit` items may wait. A flush starts the moment the one before it has ended.
    """

    def __init__(self, flush: Callable[..., Awaitable[Sequence[Any]]], *, limit: int, size: int = 500) -> None:
        self._flush, self._limit, self._size = flush, limit, size
        self._waiting: deque[tuple[Any, asyncio.Future[Any]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self.closed = False
        self.observe: Callable[[int, float], None] | None = None  # called with each flush's items and seconds
        self.flushed_at = 0.0  # when the last successful flush ended, in seconds since 1970

    def __len__(self) -> int:
        """How many items wait."""
        return len(self._waiting)

    def submit(self, item: Any, count: int = 1) -> "asyncio.Future[Any]":
        """The future result of `item`; `count` further items may follow it without finding the queue full.

        Raises:
            FeelbackError: 503 with Retry-After where too many wait already, or the server is stopping.
        """
        self._check(count)
        future: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append((item, future))
        if self._task is None:
            self._task = self._loop.create_task(self._run())
        return future

    def _check(self, count: int) -> None:
        if self.closed or len(self) + count > self._limit:
            raise FeelbackError(
                503,
                "The server is stopping. Send it again." if self.closed else "Too many responses wait. Send it again.",
                headers={"retry-after": "1"},
            )

    async def _run(self) -> None:
        while self._waiting:
            await self._flush_next(self._waiting, self._flush)
        self._task = None

    async def _flush_next(
        self,
        waiting: "deque[tuple[Any, asyncio.Future[Any]]]",
        flush: Callable[[list[Any]], Awaitable[Sequence[Any]]],
    ) -> FeelbackError | None:
        # Returns why all of the batch were refused, if they were.
        batch = [waiting.popleft() for _ in range(min(self._size, len(waiting)))]
        started, refusal = time.perf_counter(), None
        try:
            results = await flush([item for item, _ in batch])
            self.flushed_at = time.time()
        except FeelbackError as error:
            refusal = error
            results = [error] * len(batch)
        except Exception as error:
            log.error("A batch of %d failed: %s", len(batch), trace(error))
            results = [error] * len(batch)
        if self.observe is not None:
            self.observe(len(batch), time.perf_counter() - started)
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():  # its client went away; what it sent is stored all the same
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
        return refusal

    async def drain(self) -> None:
        """Takes nothing new, and returns when everything that waits has been answered."""
        self.closed = True
        while self._task is not None:
            await asyncio.wait([self._task])
