"""Notices of new responses to open screens."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from app.ingest.notices import Notices
from tests.support import factories
from tests.support.serving import Api

Pool = asyncpg.Pool


async def test_it_notifies_at_once_then_together() -> None:
    sent: list[dict[Any, int]] = []
    gate = asyncio.Event()

    async def notify(ids: Sequence[Any], counts: Sequence[int]) -> None:
        sent.append(dict(zip(ids, counts, strict=True)))
        await gate.wait()

    notices = Notices(notify, seconds=0)
    notices.add("a")
    await asyncio.sleep(0)
    for project_id in ("a", "b", "b"):
        notices.add(project_id)
    assert sent == [{"a": 1}]
    gate.set()
    while notices._task is not None:  # noqa: ASYNC110 - until it rests
        await asyncio.sleep(0)
    assert sent == [{"a": 1}, {"a": 1, "b": 2}]


async def test_what_cannot_be_sent_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    async def notify(ids: Sequence[Any], counts: Sequence[int]) -> None:
        raise ConnectionError

    notices = Notices(notify, seconds=0)
    notices.add("a")
    while notices._task is not None:  # noqa: ASYNC110 - until it rests
        await asyncio.sleep(0)
    assert "Open screens were not notified: ConnectionError" in caplog.text
    await notices.flush()
    assert caplog.text.count("not notified") == 1


async def test_stored_responses_are_notified_by_project(api: Api) -> None:
    likes = await factories.widget(api.pool)
    payloads: asyncio.Queue[str] = asyncio.Queue()
    async with api.pool.acquire() as connection:
        await connection.add_listener("response", lambda *notice: payloads.put_nowait(str(notice[3])))
        for _ in range(2):
            await api.stored(likes.id, "+")
        count = 0
        project_id = await connection.fetchval("select project_id from widget where id = $1", likes.id)
        while count < 2:
            async with asyncio.timeout(20):
                project, _, number = (await payloads.get()).partition(" ")
            assert project == str(project_id)
            count += int(number)
        await connection.reset(timeout=10)
    assert count == 2
