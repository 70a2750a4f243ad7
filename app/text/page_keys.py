"""Formats page keys for screens and mails: addresses are decoded, as browsers show them."""

import re
from urllib.parse import unquote_to_bytes

from app.text.bidi import cleaned

_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_ORIGIN = re.compile("https?://[^/]+")
_LABEL = re.compile(r"(?<![^./:@])xn--[a-z0-9-]+")


def key_parts(key: str) -> tuple[str, str]:
    """Split a page key that is a URL into host and rest, both decoded. A path is decoded too; its host is empty."""
    for scheme in ("https://", "http://"):
        if key.startswith(scheme):
            host, slash, rest = key.removeprefix(scheme).partition("/")
            return _LABEL.sub(_decoded_label, host), _decoded(slash + rest)
    return "", _decoded(key) if key.startswith("/") else key


def path(key: str) -> str:
    """A page key without its host, for lists whose pages are mostly of one site; the host if nothing follows it."""
    host, rest = key_parts(key)
    return host if rest in ("", "/") and host else rest


def origin(key: str) -> str:
    """The scheme, host and port of a page key that is a URL, as fn.is_page_match has it; none for other keys."""
    match = _ORIGIN.match(key)
    return match[0] if match else "none"


def _decoded(text: str) -> str:
    return _ESCAPES.sub(_decoded_escapes, text)


def _decoded_escapes(escapes: re.Match[str]) -> str:
    # Only letters: an escaped slash, blank or percent sign means something else than the character itself.
    try:
        text = unquote_to_bytes(escapes[0]).decode()
    except UnicodeDecodeError:
        return escapes[0]
    return text if text.isprintable() and cleaned(text) == text else escapes[0]


def _decoded_label(label: re.Match[str]) -> str:
    try:
        return label[0].encode().decode("idna")
    except UnicodeError:
        return label[0]
