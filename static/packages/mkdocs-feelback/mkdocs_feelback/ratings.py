"""Material's `feedback` block: a title and ratings, each with an icon, a name, data and a note."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

# The emoji nearest to Material's icons, by the beginning of the icon's name.
ICONS = {
    "emoticon-happy": "🙂", "emoticon-excited": "😄", "emoticon-lol": "😂",
    "emoticon-cool": "😎", "emoticon-kiss": "😘", "emoticon-neutral": "😐",
    "emoticon-confused": "😕", "emoticon-sad": "🙁", "emoticon-frown": "☹️",
    "emoticon-cry": "😢", "emoticon-angry": "😠", "emoticon-dead": "😵",
    "emoticon-sick": "🤢", "emoticon-tongue": "😛", "emoticon-wink": "😉",
    "thumb-up": "👍", "thumb-down": "👎", "heart-broken": "💔",
    "heart": "❤️", "star": "⭐", "check": "✅",
    "close": "❌", "thumbsup": "👍", "thumbsdown": "👎",
}  # fmt: skip
_SPELLINGS = {"1": "y", "0": "n"}


@dataclass(frozen=True)
class Block:
    """The question, the options as the attribute has them, and the notes (HTML) by the option's value."""

    title: str
    options: str
    notes: dict[str, str]


def block(feedback: Any, type: str) -> Block:
    """Read the block, which may be missing.

    Raises:
        ValueError: a rating lacks its name or data, or has a character that separates options.
    """
    if not feedback:
        return Block("", "", {})
    options: list[str] = []
    notes: dict[str, str] = {}
    for rating in feedback.get("ratings") or []:
        name, data = rating.get("name"), rating.get("data")
        if not name or data is None:
            raise ValueError("Each rating of extra.analytics.feedback must have a name and data.")
        value = _SPELLINGS.get(str(data), str(data)) if type == "yesno" else str(data)
        parts = (value, str(name), icon(str(rating.get("icon") or "")))
        if any(set("|;") & set(part) for part in parts):
            raise ValueError("A rating of extra.analytics.feedback must not contain “|” or “;”.")
        options.append("|".join(parts).rstrip("|"))
        if rating.get("note"):
            notes[escape(value)] = str(rating["note"])
    return Block(str(feedback.get("title") or ""), "; ".join(options), notes)


def icon(name: str) -> str:
    """Return the emoji for an icon of Material, such as `material/emoticon-happy-outline`; empty if there is none."""
    stem = name.rpartition("/")[2]
    return next((emoji for start, emoji in ICONS.items() if stem.startswith(start)), "")
