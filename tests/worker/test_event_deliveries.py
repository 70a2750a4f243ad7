"""Deliveries by the worker: signed, retried, resumed after a worker was killed, and a slow receiver beside another."""

import asyncio
import dataclasses
import ipaddress
import json
import uuid
from typing import Any

import asyncpg
import pytest

from app import config
from app.config import Settings
from app.queries import deliveries
from app.queries.deliveries import ClaimedDelivery
from app.webhooks import apprise_request, chat, payload, signature
from app.webhooks.request import Answer
from app.worker.deliveries import Deliveries
from app.worker.events import Events
from app.worker.loop import Kind, Loop, Resources
from tests.support import factories
from tests.support.settings import SECRET
from tests.support.webhook_receiver import answer, is_verified, listening

Pool = asyncpg.Pool
KINDS = (Kind("event", "event", Events), Kind("delivery", "delivery", Deliveries, most=10, is_finished=True))


@pytest.fixture
def settings() -> Settings:
    loaded = config.load({"SECRET_KEY": SECRET, "DATABASE_URL": "postgres://localhost/x"})
    return dataclasses.replace(loaded, webhook_networks=(ipaddress.ip_network("127.0.0.0/8"),))


async def add(pool: "Pool[asyncpg.Record]", project: factories.Project, url: str, **more: Any) -> bytes:
    """A webhook; returns its secret."""
    id, secret = uuid.uuid4(), signature.new_secret()
    await pool.execute(
        "select fn.create_destination(account_id, id, $2, 'Hook', 'webhook', $3, null, $4, '{message.created}')"
        " from project where id = $1",
        project.id, id, url, more.get("encrypted") or signature.encrypted_secret(SECRET, id, secret),
    )  # fmt: skip
    await pool.execute("select fn.send_test_event(account_id, id, $2) from project where id = $1", project.id, id)
    return secret


async def work(pool: "Pool[asyncpg.Record]", settings: Settings) -> list[str]:
    """Work until nothing is due; returns the outcomes."""
    outcomes: list[str] = []
    resources = Resources(settings, "", pool, None)
    for kind in KINDS:
        loop: Loop[Any] = Loop(kind, kind.handler(resources), lambda kind, outcome: outcomes.append(outcome))
        await loop.drain()
        await loop.close()
    return outcomes


async def due(pool: "Pool[asyncpg.Record]") -> None:
    """As if the time of each next attempt had come, and each claim had run out."""
    await pool.execute("update delivery set next_at = now() where done_at is null")
    await pool.execute(
        "update destination set due_at = now(), retry_at = null, claimed_until = null where due_at is not null"
    )


async def test_a_request_is_signed_and_repeated_with_its_id_until_it_is_accepted(
    pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    project = await factories.project(pool)
    async with listening() as receiver:
        receiver.answers = [answer("503 Service Unavailable", body="Later"), answer("200 OK", body="Thanks")]
        secret = await add(pool, project, receiver.url)
        assert await work(pool, settings) == ["waiting"]
        row = await pool.fetchrow("select * from delivery")
        assert row is not None
        assert (row["problem"], row["status"], row["answer"], row["attempts"]) == ("server_error", 503, "Later", 1)
        assert await work(pool, settings) == []
        await due(pool)
        assert await work(pool, settings) == ["delivered"]
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    for each in receiver.received:
        assert is_verified(signature.shown_secret(secret), each.headers, each.body)
        assert json.loads(each.body)["type"] == "test"
    row = await pool.fetchrow("select * from delivery")
    assert row is not None
    assert (row["outcome"], row["problem"], row["status"], row["answer"]) == ("delivered", None, 200, "Thanks")


async def test_a_worker_that_is_killed_between_sending_and_marking_loses_nothing(
    pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    project = await factories.project(pool)
    handler = Deliveries(Resources(settings, "", pool, None))
    async with listening() as receiver:
        await add(pool, project, receiver.url)
        for _ in range(20):
            item = await handler.claim()
            assert item is not None
            task = asyncio.create_task(handler.do(item))
            await receiver.arrival.wait()
            receiver.arrival.clear()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await pool.execute("update delivery set done_at = null, outcome = null")
            await due(pool)
        stale = await handler.claim()
        assert stale is not None
        await due(pool)
        assert await work(pool, settings) == ["delivered"]
        assert await handler.do(stale) == "lost"
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 1
    assert await pool.fetchval("select outcome from delivery") == "delivered"


async def test_a_slow_receiver_delays_no_other(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    project = await factories.project(pool)
    async with listening() as slow, listening() as fast:
        slow.answers, slow.drip, slow.pause = [b"HTTP/1.1 200 OK\r\nX-A: "], 100, 0.05
        await add(pool, project, slow.url)
        await add(pool, project, fast.url)
        task = asyncio.create_task(work(pool, settings))
        async with asyncio.timeout(4):
            await fast.arrival.wait()
        assert not task.done()
        await task


async def test_a_forbidden_address_and_a_lost_key_fail_for_good(
    pool: "Pool[asyncpg.Record]", settings: Settings
) -> None:
    project = await factories.project(pool)
    async with listening() as receiver:
        await add(pool, project, receiver.url)
        assert await work(pool, dataclasses.replace(settings, webhook_networks=())) == ["failed"]
        assert await pool.fetchval("select problem from delivery") == "forbidden"
        await add(pool, project, receiver.url, encrypted=b"x" * 61)
        assert await work(pool, settings) == ["failed"]
        assert await pool.fetchval("select problem from delivery order by id desc limit 1") == "secret"
        assert receiver.received == []


async def test_gone_ends_it(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    project = await factories.project(pool)
    async with listening() as receiver:
        receiver.answers = [answer("410 Gone")]
        await add(pool, project, receiver.url)
        assert await work(pool, settings) == ["failed"]
    assert await pool.fetchval("select is_ended and disabled_at is not null from destination")


async def test_several_workers_send_each_delivery_once(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    project = await factories.project(pool)
    async with listening() as receiver:
        for _ in range(5):
            await add(pool, project, receiver.url)
        outcomes = await asyncio.gather(*(work(pool, settings) for _ in range(4)))
    assert sorted(outcome for each in outcomes for outcome in each) == ["delivered"] * 5
    assert len({each.headers["webhook-id"] for each in receiver.received}) == len(receiver.received) == 5


async def test_a_message_is_matched_and_sent(pool: "Pool[asyncpg.Record]", settings: Settings) -> None:
    project = await factories.project(pool)
    async with listening() as receiver:
        await add(pool, project, receiver.url)
        await pool.execute(
            "select fn.emit(account_id, id, 'message.created', '{\"note\": 1}') from project where id = $1", project.id
        )
        assert sorted(await work(pool, settings)) == ["delivered", "delivered", "matched"]
        assert await deliveries.work_due_in(pool, "event") is None
    assert [json.loads(each.body)["type"] for each in receiver.received] == ["test", "message.created"]


@pytest.mark.parametrize(
    ("type", "ok"), [("slack", answer("200 OK", body="ok")), ("discord", answer("204 No Content")),
    ("teams", answer("202 Accepted"))],
)  # fmt: skip
async def test_a_chat_service_gets_its_own_form_and_its_rate_limit_is_obeyed(
    pool: "Pool[asyncpg.Record]", settings: Settings, type: str, ok: bytes
) -> None:
    project = await factories.project(pool)
    async with listening() as receiver:
        receiver.answers = [answer("429 Too Many Requests", "Retry-After: 300\r\n"), ok]
        await add(pool, project, receiver.url)
        await pool.execute("update destination set type = $1, secret = null", type)
        assert await work(pool, settings) == ["waiting"]
        assert await pool.fetchval("select retry_at > now() + interval '4 minutes' from destination")
        await due(pool)
        assert await work(pool, settings) == ["delivered"]
    first, second = receiver.received
    assert first.body == second.body
    assert "webhook-signature" not in first.headers
    body = json.loads(first.body)
    assert {"slack": "blocks", "discord": "embeds", "teams": "attachments"}[type] in body
    assert "test event" in first.body.decode()


async def test_two_processes_of_apprise_are_enough_for_a_machine(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[int] = [0]

    async def post(*_: str) -> Answer:
        running.append(running[-1] + 1)
        await asyncio.sleep(0)
        running.append(running[-1] - 1)
        return Answer(None, 200, None, None, 1)

    async def mark(*_: Any, **__: Any) -> str:
        return "delivered"

    monkeypatch.setattr(apprise_request, "post", post)
    monkeypatch.setattr(deliveries, "mark_delivery", mark)
    monkeypatch.setattr(signature, "opened_secrets", lambda *_: [b"ntfy://topic"])
    monkeypatch.setattr(chat, "plain", lambda *_: ("Title", "Words"))
    kind = Deliveries(Resources(settings, "", None, None))  # type: ignore[arg-type]
    monkeypatch.setattr(kind, "_message", lambda _: ({}, []))
    id = uuid.uuid4()
    item = ClaimedDelivery(id, id, id, 1, "apprise", None, [b"x"], "evt_1", "{}")
    assert await asyncio.gather(*(kind.do(item) for _ in range(10))) == ["delivered"] * 10
    assert (max(running), len(running)) == (2, 21)


async def test_a_message_goes_to_another_service_through_apprise(
    pool: "Pool[asyncpg.Record]", settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = await factories.project(pool)
    id = uuid.uuid4()
    async with listening() as receiver:
        post = apprise_request.post

        async def post_here(url: str, title: str, body: str) -> Answer:
            assert await pool.fetchval("select claimed_until > now() + interval '4 minutes' from destination")
            return await post(url, title, body, settings.webhook_networks)

        monkeypatch.setattr(apprise_request, "post", post_here)
        receiver.answers = [answer("503 Later"), answer("200 OK", body="taken")]
        url = f"json://127.0.0.1:{receiver.url.split(':')[2].split('/')[0]}/tk_private"
        await pool.execute(
            "select fn.create_destination(account_id, id, $2, 'Phone', 'apprise', null, null, $3, '{message.created}')"
            " from project where id = $1",
            project.id, id, apprise_request.encrypted_url(SECRET, id, url),
        )  # fmt: skip
        await pool.execute("select fn.send_test_event(account_id, id, $2) from project where id = $1", project.id, id)
        assert await work(pool, settings) == ["waiting"]
        assert await pool.fetchval("select problem from delivery") == "server_error"
        await due(pool)
        assert await work(pool, settings) == ["delivered"]
        row = await pool.fetchrow("select problem, status, answer, attempts from delivery")
        assert row is not None
        assert tuple(row) == (None, 200, None, 2)
        assert "Phone" in json.loads(receiver.received[1].body)["message"]
        # What is allowed for webhooks is not for Apprise.
        monkeypatch.setattr(apprise_request, "post", post)
        await pool.execute("select fn.send_test_event(account_id, id, $2) from project where id = $1", project.id, id)
        assert await work(pool, settings) == ["failed"]
        assert len(receiver.received) == 2
    await pool.execute("select fn.send_test_event(account_id, id, $2) from project where id = $1", project.id, id)
    monkeypatch.setattr(apprise_request, "is_installed", lambda: False)
    assert await work(pool, settings) == ["waiting"]
    await pool.execute("update destination set secret = 'x'")
    await due(pool)
    assert await work(pool, settings) == ["failed"]
    assert [each[0] for each in await pool.fetch("select problem from delivery order by id")] == [
        None,
        "forbidden",
        "secret",
    ]


async def test_an_unexpected_error_fails_one_delivery_only(
    pool: "Pool[asyncpg.Record]", settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, other = await factories.project(pool), await factories.project(pool)
    fitted = payload.fitted

    def fail_first(text: str) -> bytes:
        monkeypatch.setattr(payload, "fitted", fitted)
        raise RuntimeError("unexpected")

    monkeypatch.setattr(payload, "fitted", fail_first)
    async with listening() as receiver:
        receiver.answers = [answer("200 OK")]
        await add(pool, project, receiver.url)
        await add(pool, other, receiver.url)
        assert sorted(await work(pool, settings)) == ["delivered", "waiting"]
    assert await pool.fetchval("select problem from delivery where done_at is null") == "internal"
    assert await pool.fetchval("select count(failing_since) from destination") == 0
