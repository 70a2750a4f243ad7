"""Batches of one account each, as a distributed database wants them."""

import asyncio
from typing import Any

import pytest

from app.errors import FeelbackError
from app.ingest.accounts import DOWN_SECONDS, AccountBatcher, batches
from app.ingest.refusals import Refusals
from app.ingest.titles import Titles


def test_items_stay_together_unless_each_account_is_wanted() -> None:
    items = [("a", 1), ("b", 2), ("a", 3)]
    assert batches(items, by_account=False) == [items]
    assert batches(items, by_account=True) == [[("a", 1), ("a", 3)], [("b", 2)]]


class Nodes:
    """Flushes for AccountBatcher: records batches, and those of an account wait, or fail, as a test says."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, list[Any]]] = []
        self.busy: set[str] = set()
        self.gates: dict[str, asyncio.Event] = {}
        self.down: set[str] = set()

    async def flush(self, connection: str, items: list[Any]) -> list[Any]:
        account = items[0][0]
        assert {account} == {each for each, _ in items}
        assert not {connection, account} & self.busy
        self.busy |= {connection, account}
        self.batches.append((account, [n for _, n in items]))
        try:
            await asyncio.sleep(0)
            if account in self.gates:
                await self.gates[account].wait()
            if account in self.down:
                raise FeelbackError(503, "no node")
            return [n * 10 for _, n in items]
        finally:
            self.busy -= {connection, account}


async def test_each_item_has_its_result_and_its_account_a_batch() -> None:
    nodes = Nodes()
    batcher = AccountBatcher(nodes.flush, ["one", "two"], limit=100)
    futures = [batcher.submit(item) for item in [("a", 1), ("b", 2), ("a", 3), ("c", 4)]]
    assert await asyncio.gather(*futures) == [10, 20, 30, 40]
    assert sorted(nodes.batches) == [("a", [1, 3]), ("b", [2]), ("c", [4])]
    assert len(batcher) == 0


async def test_an_account_keeps_its_order_and_has_one_batch_at_a_time() -> None:
    nodes = Nodes()
    batcher = AccountBatcher(nodes.flush, ["one", "two", "three"], limit=1000, size=7)
    futures = []
    for n in range(100):
        futures.append(batcher.submit(("abc"[n % 3], n)))
        if n % 5 == 0:
            await asyncio.sleep(0)
    assert await asyncio.gather(*futures) == [n * 10 for n in range(100)]
    for account, first in zip("abc", range(3), strict=True):
        assert [n for each, batch in nodes.batches if each == account for n in batch] == list(range(first, 100, 3))
    assert max(len(batch) for _, batch in nodes.batches) <= 7


async def test_an_account_that_waits_delays_no_other() -> None:
    nodes = Nodes()
    nodes.gates["slow"] = asyncio.Event()
    batcher = AccountBatcher(nodes.flush, ["one", "two"], limit=100)
    slow = [batcher.submit(("slow", n)) for n in range(2)]
    async with asyncio.timeout(5):
        for n in range(20):
            assert await batcher.submit(("quick", n)) == n * 10
    more = batcher.submit(("slow", 2))
    assert not any(future.done() for future in (*slow, more))
    nodes.gates["slow"].set()
    assert await asyncio.gather(*slow, more) == [0, 10, 20]
    assert nodes.batches[-1] == ("slow", [2])


async def test_an_account_without_a_node_is_not_tried_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = Nodes()
    nodes.down.add("a")
    batcher = AccountBatcher(nodes.flush, ["one"], limit=100)
    first = batcher.submit(("a", 1))
    await asyncio.sleep(0)  # it is on its way
    second = batcher.submit(("a", 1))
    assert [str(error) for error in await asyncio.gather(first, second, return_exceptions=True)] == ["no node"] * 2
    assert len(batcher) == 0
    with pytest.raises(FeelbackError, match="unavailable"):
        batcher.submit(("a", 2))
    assert await batcher.submit(("b", 3)) == 30
    assert batcher.flushed_at > 0
    nodes.down.clear()
    later = asyncio.get_running_loop().time() + DOWN_SECONDS
    monkeypatch.setattr(batcher._loop, "time", lambda: later)
    assert await batcher.submit(("a", 4)) == 40
    assert [account for account, _ in nodes.batches] == ["a", "b", "a"]


async def test_one_connection_finds_out_that_the_network_hung_and_no_other_has_to() -> None:
    nodes, stale = Nodes(), {"one", "two", "three"}

    async def flush(connection: str, items: list[Any]) -> list[Any]:
        if connection in stale:
            stale.remove(connection)  # it connects anew
            raise FeelbackError(503, "nothing came back")
        return await nodes.flush(connection, items)

    batcher = AccountBatcher(flush, list(stale), limit=100)
    with pytest.raises(FeelbackError, match="nothing came back"):
        await batcher.submit(("a", 1))
    for account in "bcd":
        assert await batcher.submit((account, 2)) == 20
    assert len(stale) == 2


async def test_it_takes_no_more_than_may_wait_and_drains() -> None:
    nodes = Nodes()
    nodes.gates["a"] = asyncio.Event()
    batcher = AccountBatcher(nodes.flush, ["one"], limit=3)
    futures = [batcher.submit(("a", 0))]
    await asyncio.sleep(0)  # it is on its way
    futures += [batcher.submit(("ab"[n % 2], n)) for n in range(1, 4)]
    with pytest.raises(FeelbackError, match="Too many"):
        batcher.submit(("c", 4))
    draining = asyncio.create_task(batcher.drain())
    await asyncio.sleep(0)
    with pytest.raises(FeelbackError, match="stopping"):
        batcher.submit(("c", 5))
    nodes.gates["a"].set()
    await draining
    assert [future.result() for future in futures] == [0, 10, 20, 30]


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


async def test_titles_of_an_account_that_fails_are_sent_again_and_no_others() -> None:
    accounts: list[str] = []

    async def write(batch: Any) -> None:
        accounts.append(batch[0][0])
        if accounts == ["a"]:
            raise ConnectionError

    titles = Titles(write, seconds=1000, by_account=True)
    for _ in range(2):
        for account in "ab":
            titles.add(account, f"project of {account}", "/", "Title")
        await titles.flush()
    assert accounts == ["a", "b", "a"]
