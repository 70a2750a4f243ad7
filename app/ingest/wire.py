"""What comes over the wire: the `$p` of a published SDK's reads; and how answers are written."""

import codecs
import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from app.errors import FeelbackError
from app.text.strict_json import loads

encode = msgspec.json.Encoder().encode


# What a browser escapes in a query by itself. All other escapes were in the text already and belong to it: those of
# control characters, which JSON writes in another way, and those that are no UTF-8, as in addresses of old sites.
_BY_BROWSER = re.compile(r"%(?:2[027]|3[CE]|5[BCDE]|60|7[B-DF]|[89A-F][0-9A-F])", re.IGNORECASE)


def _escape_again(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("escape_again", _escape_again)
_KEYED = re.compile(r'\[?\s*\{"contentSetId":"([^"\\]*)","key":"(.*)', re.DOTALL)
_END = re.compile(r'"\s*+\}\s*+\]?+\s*+$')  # possessive: else many blanks would take their square in time


def read_arguments(query: bytes) -> tuple[Any, bool]:
    """The arguments that a read carries in `?$p=…`, and whether its key was cut.

    The published SDKs put JSON in the address as it is: what the browser escaped is undone once, nothing else is, `+`
    and `&` stand for themselves, and where a `#` cut the key the JSON is completed. A client that escaped all of it, as
    it should, is understood too.

    Raises:
        FeelbackError: 400 where there is no `$p` or it cannot be read.
    """
    start = 3 if query.startswith(b"$p=") else -1
    for name in (b"&$p=", b"%24p="):
        if start < 0 and name in query:
            start = query.index(name) + len(name)
    if start < 0:
        raise FeelbackError(400, "The arguments are missing: give them as a JSON array in $p.")
    raw = query[start:]
    if raw[:1] not in (b"[", b"{", b'"') and raw[:3] != b"%22":
        return loads(unquote_to_bytes(raw)), False
    text = _BY_BROWSER.sub(lambda m: chr(int(m[0][1:], 16)), raw.decode("latin-1"))
    text = text.encode("latin-1").decode("utf-8", "escape_again")
    try:
        return loads(text.encode()), False
    except FeelbackError as error:
        keyed = _KEYED.match(text)
        if not keyed:
            raise FeelbackError(400, "$p is not valid JSON.") from error
        widget_id, key = keyed.groups()
        whole = _END.search(key)
        key = _literal(key[: whole.start()] if whole else key)
        return [{"contentSetId": widget_id, "key": key}], whole is None


def _literal(text: str) -> str:
    """A JSON string's text, in which quotes that were escaped in the address stand bare."""
    quoted = re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', text)
    for cut in range(7):  # a `#` may have cut an escape short
        try:
            literal = json.loads(f'"{quoted[: len(quoted) - cut]}"', strict=False)
            loads(json.dumps(literal, ensure_ascii=False).encode())
            return str(literal)
        except (ValueError, UnicodeEncodeError):
            continue
    raise FeelbackError(400, "$p is not valid JSON.")
