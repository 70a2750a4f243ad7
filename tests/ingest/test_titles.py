"""Titles of pages as they wait to be written, and what is remembered of pages that have one."""

import tracemalloc
from typing import Any

from app.ingest.titles import Titles


async def test_a_page_is_written_once_and_again_after_a_failure() -> None:
    rows: list[Any] = []
    fails = True

    async def write(batch: list[Any]) -> None:
        if fails:
            raise OSError
        rows.extend(batch)

    titles = Titles(write, seconds=1000)
    titles.add(1, 2, "/a", "A")
    await titles.flush()
    fails = False
    for project_id, key in ((2, "/a"), (2, "/a"), (3, "/a"), (2, "/b")):
        titles.add(1, project_id, key, "A")
        await titles.flush()
    assert rows == [(1, 2, "/a", "A"), (1, 3, "/a", "A"), (1, 2, "/b", "A")]


async def test_long_keys_of_made_up_pages_are_not_kept() -> None:
    async def write(batch: list[Any]) -> None:
        pass

    titles = Titles(write, seconds=1000, size=1000)
    tracemalloc.start()
    for n in range(3000):
        titles.add(1, 2, f"/{n}-" + "x" * 2000, "A")
        if n % 100 == 99:
            await titles.flush()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 300_000
