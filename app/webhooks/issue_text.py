"""The title and text of an issue: a template of the project, with the words of strangers made harmless."""

import re
import unicodedata
from dataclasses import dataclass
from textwrap import wrap
from urllib.parse import quote, urlsplit
from uuid import UUID

MOST_WORDS, MOST_TITLE_WORDS, COLUMNS = 5000, 80, 100
TITLE = "Feedback on {page}: {words}"
BODY = """{quote}

{widget}: {option}
Page: {link}
{edit}
{message}"""
NAMES = ("page", "words", "quote", "widget", "option", "link", "edit", "message", "count")
GAP = "\u200b"  # after what would be a mention or a reference: nobody sees it, and no forge links it
_NAME = re.compile(r"\{(" + "|".join(NAMES) + r")\}")
_REFERENCE = re.compile(r"[@#!$%&~^](?=\w)|(?<=\w):(?=//)|\bwww(?=\.)|\b(?:GH|gh)(?=-\d)")


@dataclass(frozen=True, slots=True)
class Source:
    """What an issue is made of: texts as visitors and pages have them; `message_url` leads to the panel."""

    response_id: UUID
    words: str
    page_key: str
    page_title: str | None
    widget: str
    option: str
    messages: int
    edit_rule: str | None
    message_url: str


def marker(response_id: UUID) -> str:
    """By what the issue of a message is found again: a comment, which a forge does not show."""
    return f"<!-- feelback {response_id} -->"


def title(template: str, source: Source) -> str:
    """One line of at most 250 characters."""
    text = _filled(template, source, is_title=True)
    return " ".join(text.split())[:250].strip() or "Feedback"


def body(template: str, source: Source) -> str:
    """Markdown, with the marker at its end."""
    return f"{_filled(template, source, is_title=False).strip()}\n\n{marker(source.response_id)}\n"


def visible(text: str) -> str:
    """Text without characters that cannot be seen or change the direction of others; lines end with a line feed."""
    lines = "\n".join(text.splitlines()).replace("\t", " ")
    return "".join(char for char in lines if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))


def plain(text: str) -> str:
    """One line that a forge shows as it is: no mention, reference, link, Markdown or HTML."""
    line = _REFERENCE.sub(lambda match: match[0] + GAP, " ".join(visible(text).split()))
    line = re.sub(r"([\\`*_{}\[\]()<>|~])", r"\\\1", line)
    return GAP + line if line.startswith("/") else line  # at the beginning of a line GitLab has commands


def quoted(text: str) -> str:
    """A block in which nothing is a mention, a reference, a link, a command, Markdown or HTML."""
    text = visible(text)[:MOST_WORDS]
    lines = [part for line in text.split("\n") for part in wrap(line, COLUMNS, break_on_hyphens=False) or [""]]
    safe = _REFERENCE.sub(lambda match: match[0] + GAP, "\n".join(lines)).replace("<", f"<{GAP}")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", safe)), default=0))
    return f"{fence}text\n{safe}\n{fence}"


def page_url(key: str) -> str:
    """The address of a page, empty if its key is none."""
    url = key if re.match(r"https?://", key) else f"https://{key}" if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", key) else ""
    try:
        return quote(url, safe="/:?=&%#+,;@!$'*~-._[]") if urlsplit(url).hostname else ""
    except ValueError:
        return ""


def edit_url(rule: str | None, key: str) -> str:
    """Where a page is edited, by the project's rule; empty without a rule or a path."""
    url = page_url(key)
    path = (urlsplit(url).path if url else quote(key.partition("?")[0].partition("#")[0], safe="/%")).strip("/")
    if not rule or not path or ".." in path.split("/"):
        return ""
    return rule.replace("{path}", quote(path, safe="/%-._~"))


def _filled(template: str, source: Source, *, is_title: bool) -> str:
    words = visible(source.words)
    first = " ".join(words.split())
    url, edit = page_url(source.page_key), edit_url(source.edit_rule, source.page_key)
    values = {
        "page": source.page_title or source.page_key,
        "words": first if len(first) <= MOST_TITLE_WORDS else first[: MOST_TITLE_WORDS - 1].rstrip() + "…",
        "widget": source.widget,
        "option": source.option or "no option",
        "count": f"{source.messages:,}",
    }
    if is_title:  # no forge has Markdown there
        texts = {name: _REFERENCE.sub(lambda match: match[0] + GAP, visible(text)) for name, text in values.items()}
    else:
        texts = {name: plain(text) for name, text in values.items()}
    links = {
        "quote": first if is_title else quoted(source.words),
        "link": url if is_title else f"<{url}>" if url else plain(source.page_key),
        "edit": "" if is_title or not edit else f"Edit: <{edit}>",
        "message": "" if is_title else f"Message in Feelback: <{source.message_url}>",
    }
    # In one pass: what a visitor wrote is not a template.
    return _NAME.sub(lambda match: {**texts, **links}[match[1]], template)
