"""The answer of a slow call within a time, whatever the database does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Bounded(Generic[T]):
    """Calls `call` and waits for it for `seconds`. While a call is under way, others wait for that one.

    A call that takes longer is not cancelled: cancelling would wait for the database again.
    """

    def __init__(self, call: Callable[..., Awaitable[T]], seconds: float) -> None:
        self._call, self._seconds = call, seconds
        self._task: asyncio.Task[T] | None = None

    async def get(self, *args: Any) -> T:
        """The result.

        Raises:
            TimeoutError: there was none in time.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._run(*args))
            self._task.add_done_callback(_ignore)
        task = self._task
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if not done:
            raise TimeoutError
        return task.result()

    async def _run(self, *args: Any) -> T:
        return await self._call(*args)


def _ignore(task: "asyncio.Task[Any]") -> None:
    if not task.cancelled():
        task.exception()  # nobody may wait for it any more
