"""Destinations in the panel, without JavaScript: the list, a destination, its secret and its deliveries."""

from typing import Any

import asyncpg
import pytest

from app.database import db
from app.site import demo_project
from app.webhooks import apprise_request, signature
from tests.support.browser import Browser
from tests.support.settings import SECRET

Pool = asyncpg.Pool
AT = "/projects/demo/destinations"
FORM = {
    "name": "Desk <b>",
    "type": "webhook",
    "url": "https://a.example/hook",
    "events": "message.created",
    "pace": "hourly",
}


async def test_it_creates_shows_changes_and_deletes_a_webhook(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get(AT)
    assert "Add a destination below" in owner.text
    response = await owner.post(AT, {**FORM, "pages": "/docs/*\r\n \r\n/blog/*", "has_text": "on"})
    assert response.status_code == 303
    at = response.headers["Location"]
    row = await pool.fetchrow("select * from destination")
    assert row is not None
    assert (row["name"], row["patterns"], row["pace"], row["has_text"]) == (
        "Desk <b>",
        ["/docs/*", "/blog/*"],
        "hourly",
        True,
    )
    await owner.get(at)
    assert "whsec_" in owner.text
    assert "Desk &lt;b&gt;" in owner.raw
    await owner.get(at)
    assert "whsec_" not in owner.text  # once
    assert (await owner.post(at, {**FORM, "name": "Support", "pace": "each"})).status_code == 303
    row = await pool.fetchrow("select * from destination")
    assert row is not None
    assert (row["name"], row["patterns"], row["pace"], row["has_text"]) == ("Support", [], "each", False)
    assert (await owner.post(f"{at}/secret", {})).status_code == 303
    await owner.get(at)
    assert "The one before works until" in owner.text
    assert (await owner.post(f"{at}/disable", {})).status_code == 303
    await owner.get(at)
    assert "Nothing is sent until you enable it" in owner.text
    assert "Send a test event" not in owner.text
    assert (await owner.post(f"{at}/test", {})).status_code == 409
    assert "This destination is disabled" in owner.text
    assert (await owner.post(f"{at}/enable", {})).status_code == 303
    assert (await owner.post(f"{at}/delete", {})).status_code == 303
    assert await pool.fetchval("select count(*) from destination") == 0


async def test_what_is_not_valid_stays_in_the_form(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get(AT)
    for change, words in (
        ({"name": ""}, "The name must be one line"),
        ({"url": "http://a.example/"}, "The URL must begin with https://"),
        ({"url": "https://10.0.0.1/"}, "The URL must not name a private address"),
        ({"events": ""}, "The events must be one or more of"),
        ({"type": "email", "recipient": "stranger@a.example"}, "The recipient must be a member"),
    ):
        response = await owner.post(AT, {**FORM, **change})
        assert response.status_code == 422, change
        assert words in owner.text, change
        assert 'value="message.created" checked' in owner.text or "events" in change, change
    assert await pool.fetchval("select count(*) from destination") == 0


async def test_a_delivery_has_its_request_and_answer_and_is_sent_again(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get(AT)
    at = (await owner.post(AT, FORM)).headers["Location"]
    delivery = (await owner.post(f"{at}/test", {})).headers["Location"]
    await owner.get(delivery)
    assert "Not attempted yet" in owner.text
    assert "evt_" in owner.text
    await pool.execute(
        "update delivery set attempts = 2, attempted_at = now(), done_at = now(), outcome = 'failed',"
        " problem = 'client_error', status = 404, answer = '<b>No such page', duration_ms = 12"
    )
    await owner.get(delivery)
    for words in ("The server refused the request", "HTTP 404", "12 ms", "&lt;b&gt;No such page", "2 attempts"):
        assert words in owner.raw
    await owner.get(at)
    assert "The server refused the request" in owner.text
    assert (await owner.post(f"{delivery}/resend", {})).status_code == 303
    assert await pool.fetchval("select outcome is null and done_at is null from delivery")
    await pool.execute("delete from event")
    await owner.get(delivery)
    assert "Everything that it was about has been deleted" in owner.text


async def test_a_chat_destination_has_a_filter_and_quiet_hours_and_is_replayed(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    await owner.get(AT)
    form = {**FORM, "type": "slack", "sentiments": "unhappy", "quiet": "on", "quiet_from": "22", "quiet_until": "7",
            "languages": "DE, en"}  # fmt: skip
    at = (await owner.post(AT, form)).headers["Location"]
    row = await pool.fetchrow("select * from destination")
    assert row is not None
    assert (row["type"], row["sentiments"], row["quiet_from"], row["quiet_until"]) == ("slack", ["unhappy"], 22, 7)
    await owner.get(at)
    assert "whsec_" not in owner.text
    assert 'name="quiet" checked' in owner.raw
    assert row["languages"] == ["de", "en"]
    assert 'value="de, en"' in owner.raw
    assert 'value="unhappy" checked' in owner.raw
    delivery = (await owner.post(f"{at}/test", {})).headers["Location"]
    await owner.get(delivery)
    assert "plain_text" in owner.text  # what Slack gets
    await pool.execute("update delivery set attempts = 1, done_at = now(), outcome = 'failed'")
    await owner.get(at)
    assert (await owner.post(f"{at}/replay", {"hours": "24"})).status_code == 303
    await owner.get(at)
    assert "1 delivery is sent again" in owner.text
    assert await pool.fetchval("select done_at is null from delivery")
    await pool.execute("update destination set paused_at = now(), failing_since = now() - interval '1 day'")
    await owner.get(at)
    assert "One delivery is tried every few hours" in owner.text
    assert (await owner.post(at, {**FORM, "type": "slack"})).status_code == 303
    assert await pool.fetchval("select quiet_from is null and sentiments = '{}' and languages = '{}' from destination")


async def test_the_url_of_apprise_is_stored_encrypted_and_never_shown(
    owner: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments: list[str] = []  # of calls to Postgres, which may log them
    value = db.value

    async def recorded(*call: Any) -> Any:
        arguments.append(repr(call))
        return await value(*call)

    monkeypatch.setattr(db, "value", recorded)
    await owner.get(AT)
    assert 'value="apprise"' in owner.raw
    form = {**FORM, "type": "apprise", "url": "ntfy://tk_private@ntfy.example/topic"}
    for wrong, words in (("mailto://tk_private", "reaches by HTTPS"), ("tk_private", "one of Apprise")):
        assert (await owner.post(AT, {**form, "url": wrong})).status_code == 422
        assert words in owner.text
        assert "tk_private" not in owner.raw
    at = (await owner.post(AT, form)).headers["Location"]
    row = await pool.fetchrow("select * from destination")
    assert row is not None
    assert (row["type"], row["url"]) == ("apprise", None)
    assert signature.opened_secrets([SECRET], row["id"], [row["secret"]]) == [form["url"].encode()]
    delivery = (await owner.post(f"{at}/test", {})).headers["Location"]
    for page, words in ((AT, "Another service"), (at, "Another Apprise URL"), (delivery, "test event")):
        await owner.get(page)
        assert words in owner.text
        assert "tk_private" not in owner.raw
    assert (await owner.post(at, {**form, "url": "", "name": "Phone"})).status_code == 303
    assert await pool.fetchval("select secret from destination where name = 'Phone'") == row["secret"]
    assert (await owner.post(at, {**form, "url": "json://other.example/"})).status_code == 303
    secret = await pool.fetchval("select secret from destination")
    assert signature.opened_secrets([SECRET], row["id"], [secret]) == [b"json://other.example/"]
    assert [each for each in arguments if "tk_private" in each or "other.example" in each] == []
    assert len([each for each in arguments if "fn.create_destination" in each or "fn.update_destination" in each]) == 3
    audit = await pool.fetch("select row_to_json(a)::text as entry from audit as a")
    assert "tk_private" not in str([row["entry"] for row in audit])
    monkeypatch.setattr(apprise_request, "is_installed", lambda: False)
    await owner.get(AT)
    assert 'value="apprise"' not in owner.raw
    assert (await owner.post(AT, form)).status_code == 422
    assert "Apprise is not installed on this server. Its operator" in owner.text
