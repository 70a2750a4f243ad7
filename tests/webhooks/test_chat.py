"""Chat messages: their form, what neutralises the words of strangers, and their links."""

import json
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from slack_sdk.models.blocks import Block

from app.webhooks import chat, message_links
from app.webhooks.cards import Card, Link, Part

KEYS = ["first", "second"]
HOSTILE = "<!channel> <@U1> @everyone @here <https://evil.example|bank> [bank](https://evil.example) **b** `c` <b>x</b>"
ID = str(uuid4())
PROJECT = {"id": ID, "slug": "acorn", "name": "Acorn"}
PAGE = {"key": "https://example.com/a", "title": HOSTILE, "url": "https://example.com/a"}
WIDGET = {"id": ID, "name": "Helpful?", "type": "updown"}
RESPONSE = {
    "id": ID, "option": "n", "label": "No", "reasons": [], "message": HOSTILE, "fields": None,
    "contact": "a@example.com", "createdAt": "2026-08-03T12:00:00.000Z", "widget": WIDGET,
}  # fmt: skip
COUNTS = {"responses": 1000, "unhappy": 100}
ABOUT = {"project": PROJECT, "page": PAGE, "widget": WIDGET}
DATA: dict[str, dict[str, Any]] = {
    "message.created": {**ABOUT, "response": RESPONSE},
    "message.updated": {**ABOUT, "response": {**RESPONSE, "message": None, "contact": None}},
    "response.created": {**ABOUT, "responses": 2, "options": [{"option": "n", "label": "No", "count": 2}]},
    "page.turned": {**ABOUT, "since": "2026-08-01", "before": COUNTS, "after": COUNTS},
    "refusals.spike": {"project": PROJECT, "refusals": [{"reason": "origin", "count": 60, "usual": 0.5}]},
    "recap.closed": {"project": PROJECT, "period": "week", "startsOn": "2026-08-03"},
    "digest": {
        "project": PROJECT, "events": 40, "others": [],
        "pages": [{"page": PAGE, "messages": 5, "responses": 3, "newest": [RESPONSE] * 5}] * 30,
    },
    "test": {"project": PROJECT, "destination": "Hook"},
}  # fmt: skip


def payload(type: str) -> dict[str, Any]:
    return {"type": type, "id": "evt_1", "timestamp": "2026-08-03T12:00:00.000Z", "data": DATA[type]}


def message(service: str, type: str) -> dict[str, Any]:
    links = message_links.links("https://feelback.example", KEYS, payload(type))
    result: dict[str, Any] = json.loads(chat.body(service, payload(type), links))
    return result


def texts(value: Any, key: str = "") -> list[str]:
    """All texts in a JSON value, each as `key: text`."""
    if isinstance(value, str):
        return [f"{key}: {value}"]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [text for name, item in items for text in texts(item, str(name))]


@pytest.mark.parametrize("service", chat.SERVICES)
@pytest.mark.parametrize("type", DATA)
def test_each_event_fits_into_each_service(service: str, type: str) -> None:
    body = message(service, type)
    assert "Acorn" in json.dumps(body)
    assert len(msgspec.json.encode(body)) < 28_000  # the limit of Teams, the least of them
    if service == "slack":
        assert len(body["blocks"]) <= 50
        assert len(body["blocks"][0]["text"]["text"]) <= 150
    if service == "discord":
        assert len(body["embeds"][0]["title"]) <= 256
        assert len(body["embeds"][0]["description"]) <= 4096


def test_slack_shows_words_as_they_are() -> None:
    body = message("slack", "message.created")
    quotes = [
        element["elements"][0]
        for block in body["blocks"] if block["type"] == "rich_text"
        for element in block["elements"] if element["type"] == "rich_text_quote"
    ]  # fmt: skip
    assert quotes == [{"type": "text", "text": HOSTILE}]
    assert "mrkdwn" not in json.dumps(body)
    assert "<" not in chat.slack(Card("a <!channel>", [], []))["text"]
    # The blocks are what Slack's own library would make of them.
    for block in body["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        assert parsed.to_dict()["type"] == block["type"]


def test_discord_mentions_nobody_and_links_nothing() -> None:
    body = message("discord", "message.created")
    assert body["allowed_mentions"] == {"parse": []}
    words, _, links = body["embeds"][0]["description"].rpartition("\n\n")
    for mark in ("https://", "@everyone", "<@", "[bank](", "**"):
        assert mark not in words
    assert links.count("](https://feelback.example/") == 1 + len(message_links.ACTIONS)
    long = chat.discord(Card("t", [Part("a", ["@" * 5000])], [Link("Open", "https://feelback.example")]))
    assert len(long["embeds"][0]["description"]) <= 4096
    assert long["embeds"][0]["description"].endswith("[Open](https://feelback.example)")


def test_teams_shows_words_without_markdown() -> None:
    body = message("teams", "message.created")
    card = body["attachments"][0]["content"]
    assert not [text for text in texts(body, "") if text == "type: TextBlock"]  # which reads Markdown
    assert any(text == f"text: {HOSTILE}" for text in texts(card))
    assert [action["type"] for action in card["actions"]] == ["Action.OpenUrl"] * (1 + len(message_links.ACTIONS))


def test_links_are_signed_and_name_their_message() -> None:
    open_, *actions = message_links.links("https://feelback.example", KEYS, payload("message.created"))
    assert open_.url == f"https://feelback.example/projects/acorn/inbox/{ID}"
    assert [action.label for action in actions] == [action.label for action in message_links.ACTIONS.values()]
    token = actions[-1].url.rpartition("/")[2]
    link = message_links.link(KEYS, token)
    assert link is not None
    assert (link.slug, str(link.message_id), link.action) == ("acorn", ID, "spam")
    assert message_links.link([*KEYS[:1], "older"], token) == link  # the first signs
    assert message_links.link(["other"], token) is None
    assert message_links.link(KEYS, token[:-1]) is None
    assert message_links.link(KEYS, "x") is None
    assert [link.label for link in message_links.links("https://feelback.example", KEYS, payload("digest"))] == ["Open"]


@pytest.mark.parametrize("type", DATA)
def test_a_plain_message_mentions_nobody_and_links_nowhere_by_the_words_of_strangers(type: str) -> None:
    links = message_links.links("https://feelback.example", KEYS, payload(type))
    title, text = chat.plain(payload(type), links)
    words = text.split(links[0].url)[0] if links else text
    assert "Acorn" in title
    assert not [mark for mark in ("@everyone", "<@U1>", "https://evil", "<b>") if mark in title + words]
    assert all(link.url in text for link in links)
