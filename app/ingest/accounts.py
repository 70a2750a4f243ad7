"""Batches of one account each, for a database that is distributed over nodes by account."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.database import db
from app.ingest.batch import Batcher

DOWN_SECONDS = 5


def batches(items: Sequence[Any], *, by_account: bool) -> list[Sequence[Any]]:
    """The items, together or each account's apart; an item's first value is its account."""
    if not by_account:
        return [items]
    result: dict[Any, list[Any]] = {}
    for item in items:
        result.setdefault(item[0], []).append(item)
    return list(result.values())


class AccountBatcher(Batcher):
    """As Batcher, of items whose first value is an account: a batch is of one account, which has one at a time.

    Each of `connections` has one batch at a time, which `flush` takes with it. Where the node of an account cannot be
    reached, all of its items are refused for DOWN_SECONDS, so that it does not hold connections that others wait for.
    """

    def __init__(
        self,
        flush: Callable[[Any, list[Any]], Awaitable[Sequence[Any]]],
        connections: Sequence[Any],
        *,
        limit: int,
        size: int = 500,
    ) -> None:
        super().__init__(flush, limit=limit, size=size)
        self._free = list(connections)
        self._items: dict[Any, deque[tuple[Any, asyncio.Future[Any]]]] = {}  # of accounts that wait or are flushed
        self._ready: deque[Any] = deque()  # accounts that wait and are not flushed, each once
        self._down: dict[Any, float] = {}  # until when
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many items wait."""
        return self._count

    def submit(self, item: Any, count: int = 1) -> "asyncio.Future[Any]":
        """As Batcher's.

        Raises:
            FeelbackError: also 503 where the node of the account could not be reached just now.
        """
        self._check(count)
        account = item[0]
        if (until := self._down.get(account)) is not None:
            if self._loop.time() < until:
                raise db.unavailable()
            del self._down[account]
        future: asyncio.Future[Any] = self._loop.create_future()
        if account not in self._items:
            self._items[account] = deque()
            self._ready.append(account)
        self._items[account].append((item, future))
        self._count += 1
        self._start()
        return future

    def _start(self) -> None:
        while self._free and self._ready:
            # That which was used last: where the network hung, the others still wait for what never comes.
            task = self._loop.create_task(self._work(self._free.pop(), self._ready.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, connection: Any, account: Any) -> None:
        waiting = self._items[account]
        self._count -= min(self._size, len(waiting))
        refusal = await self._flush_next(waiting, lambda items: self._flush(connection, items))
        if refusal is not None and refusal.status == 503:
            self._down[account] = self._loop.time() + DOWN_SECONDS
            self._count -= len(waiting)
            for _, future in waiting:
                if not future.done():
                    future.set_exception(refusal)
            waiting.clear()
        if waiting:
            self._ready.append(account)
        else:
            del self._items[account]
        self._free.append(connection)
        self._start()

    async def drain(self) -> None:
        """As Batcher's."""
        self.closed = True
        while self._tasks:
            await asyncio.wait(self._tasks)
