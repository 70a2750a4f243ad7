"""Cards as Slack, Discord and Microsoft Teams take them. Words of strangers mention nobody and link nowhere."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from app.webhooks.cards import Card, Link, card

DISCORD_MARKS = re.compile(r"([\\*_~`|>#\[\]()<@:\-+.!])")
DISCORD_MOST = 4000  # characters of a description, of 4,096
PLAIN_MOST = 8000  # characters; services cut longer ones
WORD_JOINER = "\u2060"


def body(type: str, payload: dict[str, Any], links: list[Link]) -> bytes:
    """The request to a chat service for a payload."""
    return msgspec.json.encode(SERVICES[type](card(payload, links)))


def slack(card: Card) -> dict[str, Any]:
    """Blocks. Text elements of rich text are shown as they are, without mentions and links."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": card.title, "emoji": False}}
    ]
    for part in card.parts:
        elements = [{"type": "rich_text_section", "elements": [_run(part.line)]}]
        elements += [{"type": "rich_text_quote", "elements": [_run(quote)]} for quote in part.quotes]
        blocks.append({"type": "rich_text", "elements": elements})
    if card.links:
        blocks.append({"type": "actions", "elements": [_slack_button(link) for link in card.links]})
    fallback = card.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": fallback, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def discord(card: Card) -> dict[str, Any]:
    """An embed. Marks of Markdown are escaped, and nobody is mentioned."""
    lines = []
    for part in card.parts:
        lines.append(_discord_text(part.line))
        lines += ["\n".join(f"> {_discord_text(line)}" for line in quote.splitlines()) for quote in part.quotes]
    links = " · ".join(f"[{link.label}]({link.url})" for link in card.links)
    text = "\n".join(lines)
    if len(text) > DISCORD_MOST - len(links):
        text = f"{text[: DISCORD_MOST - len(links) - 1].rstrip(chr(92))}…"
    embed = {"title": _discord_text(card.title)[:256].rstrip("\\"), "description": f"{text}\n\n{links}".strip()}
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def teams(card: Card) -> dict[str, Any]:
    """An Adaptive Card. Runs of rich text know no Markdown."""
    items = [_teams_text(card.title, size="Medium", weight="Bolder")]
    for part in card.parts:
        items.append(_teams_text(part.line))
        items += [{"type": "Container", "style": "emphasis", "items": [_teams_text(quote)]} for quote in part.quotes]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": items,
        "actions": [{"type": "Action.OpenUrl", "title": link.label, "url": link.url} for link in card.links],
    }
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }


def plain(payload: dict[str, Any], links: list[Link]) -> tuple[str, str]:
    """The title and the text of a message for any other service; whether it finds mentions or links is not known."""
    message, lines = card(payload, links), []
    for part in message.parts:
        lines += [part.line, *(f"> {line}" for quote in part.quotes for line in quote.splitlines())]
    text = "\n".join(map(_broken, lines))[:PLAIN_MOST]
    return _broken(message.title), "\n".join([text, "", *(f"{link.label}: {link.url}" for link in links)]).strip()


SERVICES: dict[str, Callable[[Card], dict[str, Any]]] = {"slack": slack, "discord": discord, "teams": teams}


def _run(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text or " "}


def _slack_button(link: Link) -> dict[str, Any]:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": link.label, "emoji": False},
        "url": link.url,
        "action_id": link.label,
    }


def _discord_text(text: str) -> str:
    # Discord finds addresses and mentions in escaped text as well, so that they are broken by a character of no width.
    return DISCORD_MARKS.sub(r"\\\1", _broken(text))


def _broken(text: str) -> str:
    return text.replace("://", f":{WORD_JOINER}//").replace("@", f"@{WORD_JOINER}").replace("<", f"<{WORD_JOINER}")


def _teams_text(text: str, **style: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text or " ", **style}]}
