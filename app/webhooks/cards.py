"""What a chat message says of a payload, before it takes the form of a service: the same facts for each of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

MOST_PAGES = 10
MOST_CHARACTERS = 1500  # of a message on its own
FEW_CHARACTERS = 150  # of one of a digest
NO_WORDS = "(a form)"


class Link(NamedTuple):
    """Where a button leads."""

    label: str
    url: str


class Part(NamedTuple):
    """A paragraph: a line, which may name a page, and quotes, the words of strangers."""

    line: str
    quotes: Sequence[str] = ()


class Card(NamedTuple):
    """A chat message. All of its texts are plain; a service must show them as they are."""

    title: str
    parts: Sequence[Part]
    links: Sequence[Link]


def card(payload: dict[str, Any], links: Sequence[Link]) -> Card:
    """The card of an event, a digest or a test event."""
    data, project = payload["data"], payload["data"]["project"]["name"]
    title, parts = CARDS.get(payload["type"], _other)(payload["type"], data)
    return Card(_short(f"{project}: {title}", 150), parts, links)


def _message(type: str, data: dict[str, Any]) -> tuple[str, list[Part]]:
    response = data["response"]
    line = f"{_page(data['page'])} · {data['widget']['name']} · {response['label'] or response['option']}"
    parts = [Part(_short(line, 500), [_short(response["message"] or NO_WORDS, MOST_CHARACTERS)])]
    if response["contact"]:
        parts.append(Part(f"Contact: {response['contact']}"))
    return MESSAGES[type], parts


def _responses(type: str, data: dict[str, Any]) -> tuple[str, list[Part]]:
    options = ", ".join(f"{each['label'] or each['option']}: {each['count']}" for each in data["options"] or [])
    return _count(data["responses"], "new response"), [Part(_page(data["page"])), Part(_short(options, 1000))]


def _turned(type: str, data: dict[str, Any]) -> tuple[str, list[Part]]:
    before, after = (f"{each['unhappy']:,} of {each['responses']:,}" for each in (data["before"], data["after"]))
    line = f"{after} responses since {data['since']} were unhappy, before that {before}."
    return "a page has changed", [Part(f"{_page(data['page'])} · {data['widget']['name']}"), Part(line)]


def _spike(type: str, data: dict[str, Any]) -> tuple[str, list[Part]]:
    lines = [f"{each['count']:,} in an hour, usually {each['usual']}: {each['reason']}" for each in data["refusals"]]
    return "many refused responses", [Part(line) for line in lines]


def _digest(type: str, data: dict[str, Any]) -> tuple[str, list[Part]]:
    parts = []
    for page in data["pages"][:MOST_PAGES]:
        counts = f"{_count(page['messages'], 'message')}, {_count(page['responses'], 'other response')}"
        quotes = [_short(each["message"] or NO_WORDS, FEW_CHARACTERS) for each in page["newest"] or []]
        parts.append(Part(f"{_page(page['page'])}: {counts}", quotes))
    parts += [Part(f"{each['type']}, {each['timestamp']}") for each in data["others"][:MOST_PAGES]]
    rest = len(data["pages"]) + len(data["others"]) - len(parts)
    return _count(data["events"], "new event"), [*parts, *([Part(f"And {rest:,} more.")] if rest else [])]


def _test(type: str, data: dict[str, Any]) -> tuple[str, list[Part]]:
    return "test event", [Part(f"The destination “{data['destination']}” works.")]


def _other(type: str, data: dict[str, Any]) -> tuple[str, list[Part]]:
    return OTHERS.get(type, type), []


MESSAGES = {
    "message.created": "new message",
    "message.updated": "a message was changed",
    "message.resolved": "a message was resolved",
}
CARDS = {
    **dict.fromkeys(MESSAGES, _message),
    "response.created": _responses,
    "page.turned": _turned,
    "refusals.spike": _spike,
    "digest": _digest,
    "test": _test,
}
OTHERS = {
    "recap.closed": "a recap is closed",
    "export.ready": "an export can be downloaded",
    "reconcile.difference": "counts differed from the responses and were corrected",
    "job.overdue": "a scheduled job is overdue",
}


def _page(page: dict[str, Any]) -> str:
    return _short(page["title"] or page["key"], 200)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'s' if n != 1 else ''}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
