"""Batches of items whose first value is an account: one batch, or one of each account where a statement is of one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any


def positions(items: Sequence[Any]) -> list[list[int]]:
    """The positions of each account's items."""
    result: dict[Any, list[int]] = {}
    for n, item in enumerate(items):
        result.setdefault(item[0], []).append(n)
    return list(result.values())


def batches(items: Sequence[Any], *, by_account: bool) -> list[Sequence[Any]]:
    """The items, together or each account's apart."""
    return [[items[n] for n in each] for each in positions(items)] if by_account else [items]


async def flush_each(
    items: Sequence[Any],
    flush: Callable[[Any, list[Any]], Awaitable[Sequence[Any]]],
    connections: Sequence[Any],
) -> Sequence[Any]:
    """The results of the items, in their order: `flush` is called for each account, on one connection at a time.

    An account's error is the result of its items alone.
    """
    results: list[Any] = [None] * len(items)
    waiting = positions(items)

    async def work(connection: Any) -> None:
        while waiting:
            batch = waiting.pop()
            try:
                answers = await flush(connection, [items[n] for n in batch])
            except Exception as error:
                answers = [error] * len(batch)
            for n, answer in zip(batch, answers, strict=True):
                results[n] = answer

    await asyncio.gather(*map(work, connections))
    return results
