"""The language of a message: the first of the browser, or what the page sends; nothing more of it is stored."""

import json
from typing import Any

import pytest

from app.database.tenant import TenantPool
from app.ingest.languages import first_language
from app.queries import follow_ups
from tests.support import factories
from tests.support.serving import Api

GERMAN = {"accept-language": "de-CH-1996,de;q=0.9,en;q=0.8"}


async def contexts(api: Api) -> list[Any]:
    rows = await api.pool.fetch("select context::text as context from response order by id")
    return [json.loads(row["context"]) if row["context"] else None for row in rows]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (b"de-CH,de;q=0.9", "de"), (b"EN", "en"), (b" fil-PH ;q=1", "fil"), (b"zh-Hant-TW", "zh"), (b"en;q=0.5", "en"),
        (b"", None), (b"*", None), (b"x", None), (b"i-klingon", None), (b"abcd", None), (b"e\xff", None),
        (b"de1", None),        (b"\x00de", None), (b"x" * 100_000, None), (b"12", None), ("ру".encode(), None),
    ],
)  # fmt: skip
def test_only_the_primary_subtag_of_the_first_language_is_read(header: bytes, language: str | None) -> None:
    assert first_language(header) == language


async def test_messages_and_forms_have_the_language_of_the_browser_and_votes_none(api: Api) -> None:
    for type, value in (("message", "Hallo"), ("form", {"a": "Hallo"}), ("reaction", "+"), ("tagged", {"tag": "+"})):
        options = [{"value": "+"}] if type in ("reaction", "tagged") else None
        widget = await factories.widget(api.pool, type, options=options, is_open_form=type == "form")
        await api.stored(widget.id, value, headers=GERMAN)
    assert await contexts(api) == [{"$language": "de"}, {"$language": "de"}, None, None]


async def test_a_page_says_another_language_or_that_none_is_stored(api: Api) -> None:
    notes = await factories.widget(api.pool, "message")
    sent: list[Any] = [{"$language": "FR-ca"}, {"$language": None}, {"a": 1}, {"a": "x" * 4088}]
    for context in sent:
        await api.stored(notes.id, "Hallo", headers=GERMAN, context=context)
    assert await contexts(api) == [
        {"$language": "fr"}, {"$language": None}, {"a": 1, "$language": "de"},
        {"a": "x" * 4088, "$language": "de"},
    ]  # fmt: skip
    for wrong in ("english", "e", 7, "", "en" + "-x" * 40, "e1"):
        answer = await api.create(notes.id, "Hallo", context={"$language": wrong})
        assert (answer.status, "$language" in answer.json()["message"]) == (422, True), wrong


async def test_a_server_with_an_api_key_has_no_language_of_a_visitor(api: Api) -> None:
    notes = await factories.widget(api.pool, "message")
    key = await factories.api_key(api.pool, notes, "write")
    await api.stored(notes.id, "Hallo", headers={**GERMAN, "authorization": f"Bearer {key}"})
    await api.stored(
        notes.id, "Hallo", headers={"authorization": f"Bearer {key}"}, context={"$language": "de"}
    )  # fmt: skip
    assert await contexts(api) == [None, {"$language": "de"}]


async def test_a_message_that_is_added_to_a_vote_has_the_language(api: Api) -> None:
    widget = await factories.widget(api.pool, "reaction", options=[{"value": "y"}, {"value": "n"}])
    items = [{"option": "n", "question": "What was missing?", "message": True, "contact": True}]
    tenant = TenantPool(api.pool, widget.account_id)
    await follow_ups.update_follow_ups(tenant, widget.project_id, widget.id, items)
    response = await api.stored(widget.id, "n", headers=GERMAN)
    assert await contexts(api) == [None]
    parts = (
        ("en", {"contact": "a@b.example"}, None),
        ("de-AT", {"message": "Welcher Schlüssel?"}, {"$language": "de"}),
    )
    # A text that is there already keeps its language.
    for header, part, context in (*parts, ("fr", {"message": "Lequel ?"}, {"$language": "de"})):
        body = json.dumps({"token": response["revokable"]["token"], **part}).encode()
        answer = await api.send("PATCH", f"/v1/responses/{response['id']}", body, {"accept-language": header})
        assert answer.status == 200, answer.body
        assert await contexts(api) == [context]
