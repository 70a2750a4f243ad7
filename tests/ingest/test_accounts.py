"""Batches of one account each, as a distributed database wants them."""

import asyncio
from typing import Any

import pytest

from app.ingest.accounts import batches, flush_each
from app.ingest.refusals import Refusals
from app.ingest.titles import Titles


def test_items_stay_together_unless_each_account_is_wanted() -> None:
    items = [("a", 1), ("b", 2), ("a", 3)]
    assert batches(items, by_account=False) == [items]
    assert batches(items, by_account=True) == [[("a", 1), ("a", 3)], [("b", 2)]]


async def test_results_come_in_the_order_of_the_items() -> None:
    used: list[tuple[str, list[Any]]] = []

    async def flush(connection: str, items: list[Any]) -> list[Any]:
        used.append((connection, items))
        await asyncio.sleep(0)
        return [n * 10 for _, n in items]

    items = [("a", 1), ("b", 2), ("a", 3), ("c", 4)]
    assert await flush_each(items, flush, ["one", "two"]) == [10, 20, 30, 40]
    assert sorted(batch for _, batch in used) == [[("a", 1), ("a", 3)], [("b", 2)], [("c", 4)]]
    assert {connection for connection, _ in used} == {"one", "two"}


async def test_a_connection_has_one_batch_at_a_time() -> None:
    busy: set[str] = set()

    async def flush(connection: str, items: list[Any]) -> list[Any]:
        assert connection not in busy
        busy.add(connection)
        await asyncio.sleep(0.001)
        busy.remove(connection)
        return items

    items = [(n, n) for n in range(20)]
    assert await flush_each(items, flush, ["one", "two", "three"]) == items


async def test_an_error_is_that_of_its_account() -> None:
    async def flush(_connection: str, items: list[Any]) -> list[Any]:
        if items[0][0] == "b":
            raise ValueError("no node")
        return [n for _, n in items]

    first, second, third = await flush_each([("a", 1), ("b", 2), ("a", 3)], flush, ["one"])
    assert (first, third) == (1, 3)
    assert isinstance(second, ValueError)


async def test_counters_of_an_account_that_fails_are_written_again_and_no_others() -> None:
    rows: list[Any] = []
    failing = {"b"}

    async def write(batch: Any) -> None:
        if batch[0][0] in failing:
            raise ConnectionError
        rows.extend(batch)

    refusals = Refusals(write, seconds=1000, by_account=True)
    for account in "abba":
        refusals.add(account, "project", "origin", "https://example.com")
    await refusals.flush()
    assert rows == [("a", "project", "origin", "https://example.com", 2)]
    failing.clear()
    await refusals.flush()
    assert rows[1:] == [("b", "project", "origin", "https://example.com", 2)]


@pytest.mark.parametrize("by_account", [False, True])
async def test_titles_are_written_account_by_account(by_account: bool) -> None:
    written: list[Any] = []

    async def write(batch: Any) -> None:
        written.append([account for account, *_ in batch])

    titles = Titles(write, seconds=1000, by_account=by_account)
    for n, account in enumerate("aba"):
        titles.add(account, f"project of {account}", f"/{n}", "Title")
    await titles.flush()
    assert written == ([["a", "a"], ["b"]] if by_account else [["a", "b", "a"]])
