"""An element of Feelback as HTML, with a plain form inside for visitors without JavaScript."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

TYPES = ("pulse", "updown", "yesno", "reaction", "rating", "nps", "message", "tagged", "form")
WITHOUT_COUNTS = ("message", "tagged", "form")
RIGHT_TO_LEFT = ("ar", "fa", "he")
_OPTIONS = {
    "pulse": "+|Like|👍",
    "updown": "+1|Upvote|⬆️; -1|Downvote|⬇️",
    "yesno": "y|Yes|👍; n|No|👎",
    "rating": "1|1 ★; 2|2 ★; 3|3 ★; 4|4 ★; 5|5 ★",
    "nps": "0; 1; 2; 3; 4; 5; 6; 7; 8; 9; 10",
}
_UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def origin(address: str) -> str:
    """Return the origin of the server's address, such as `https://feelback.example`.

    Raises:
        ValueError: it is not an address of http or https.
    """
    match = re.match(r"https?://[\w.-]+(:\d+)?|https?://\[[\da-fA-F:]+\](:\d+)?", address.strip())
    if match is None:
        raise ValueError(f"The server must be an address such as https://feelback.example: {address!r}")
    return match[0]


def widget_id(text: str) -> str:
    """Return the ID of a widget.

    Raises:
        ValueError: it is none.
    """
    if not _UUID.fullmatch(text.strip()):
        raise ValueError(f"The widget must be the ID shown on its page in the panel: {text!r}")
    return text.strip().lower()


def script(server: str) -> str:
    """Return the address of the module that defines the elements."""
    return f"{server}/sdk/feelback.js"


def element(
    server: str,
    widget: str,
    *,
    type: str = "yesno",
    page: str = "",
    language: str = "",
    count: bool = True,
    context: dict[str, str] | None = None,
    **attributes: str,
) -> str:
    """Return the element of a type. Without `page`, its address is the page key, and there is no form.

    Args:
        server: The server's origin.
        widget: The widget's ID.
        type: One of `TYPES`.
        page: The page key: the page's canonical address.
        language: The page's language, a code such as `de` or `pt-BR`.
        count: Whether counts are shown, if the type has any.
        context: What each response carries besides its value.
        attributes: Further attributes, such as `label`, `thanks`, `options`, `preset`, `look` and `layout`.
    """
    # Without options of the page, the server has those of reactions and tags.
    is_open = type in ("reaction", "tagged") and not attributes.get("options") and not attributes.get("preset")
    code = language.replace("_", "-")
    texts = {
        "widget": widget,
        "page": page,
        **attributes,
        "preset": "widget" if is_open else attributes.get("preset", ""),
        "lang": code,
        "dir": "rtl" if code.partition("-")[0] in RIGHT_TO_LEFT else "",
        "context": json.dumps(context, ensure_ascii=False) if context else "",
    }
    parts = [f' {name}="{escape(text)}"' for name, text in texts.items() if text]
    parts += [" count"] if count and type not in WITHOUT_COUNTS else []
    name = "feelback-tagged-message" if type == "tagged" else f"feelback-{type}"
    form = _form(server, texts, type) if page else ""
    return f"<{name}{''.join(parts)}>{form}</{name}>"


def _form(server: str, texts: dict[str, str], type: str) -> str:
    words = _words(texts["lang"])
    if type == "message":
        inner = (
            f'<textarea name="message" maxlength="5000" required aria-label="{escape(words["message"])}"></textarea>'
        )
        inner += f" <button>{escape(words['send'])}</button>"
    else:
        options = "" if type in WITHOUT_COUNTS else texts.get("options") or _OPTIONS.get(type, "")
        inner = " ".join(_button(option, words) for option in options.split(";") if option.strip())
    if not inner:
        return ""
    fields = {"widget": texts["widget"], "page": texts["page"], "return": texts["page"]}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(text)}">' for name, text in fields.items())
    label = f"<span>{escape(texts['label'])}</span> " if texts.get("label") else ""
    return f'<form method="post" action="{escape(server)}/v1/responses">{hidden}{label}{inner}</form>'


def _button(option: str, words: dict[str, str]) -> str:
    value, label, icon = ([part.strip() for part in option.split("|")] + ["", ""])[:3]
    text = f"{icon} {words.get(label, label) or value}".strip()
    return f'<button name="value" value="{escape(value)}">{escape(text)}</button>'


def _words(code: str) -> dict[str, str]:
    """Labels and words of a language, in English where there are none of it."""
    every: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
    lower = code.lower()
    return every["en"] | every.get(lower.partition("-")[0], {}) | every.get(lower, {})
