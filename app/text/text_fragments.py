"""Links that open a page at a text: `#:~:text=prefix-,start,end,-suffix`."""

import re
from urllib.parse import quote

# Longer texts are named by their first and last words: a browser need not match all that is between.
MOST_CHARS, END_CHARS = 120, 40
_WORD = re.compile(r"\S+")


def url(key: str, exact: str, prefix: str = "", suffix: str = "") -> str | None:
    """The address of the page `key` that opens at `exact` between `prefix` and `suffix`; None if it is no address."""
    if not key.startswith(("https://", "http://")):
        return None
    lines = [line for line in (" ".join(line.split()) for line in exact.splitlines()) if line]
    if not lines:
        return key
    # What is in several blocks is found by its two ends only.
    is_short = len(lines) == 1 and len(lines[0]) <= MOST_CHARS
    start, end = (lines[0], "") if is_short else (_head(lines[0]), _tail(lines[-1]))
    before, after = _last_words(prefix), _first_words(suffix)
    parts = [f"{_encoded(before)}-" if before else "", _encoded(start), _encoded(end) if end else ""]
    parts.append(f"-{_encoded(after)}" if after else "")
    return f"{key}{'' if '#' in key else '#'}:~:text={','.join(part for part in parts if part)}"


def _encoded(text: str) -> str:
    # A dash, a comma and an ampersand separate the parts of a fragment; quote() leaves the dash as it is.
    return quote(text, safe="").replace("-", "%2D")


def _head(text: str) -> str:
    if len(text) <= END_CHARS:
        return text
    cut = text[: END_CHARS + 1]
    return cut.rpartition(" ")[0] or text[:END_CHARS]


def _tail(text: str) -> str:
    if len(text) <= END_CHARS:
        return text
    cut = text[-END_CHARS - 1 :]
    return cut.partition(" ")[2] or text[-END_CHARS:]


def _last_words(prefix: str) -> str:
    # A browser looks for it in the same block and in whole words: the first of those may be cut off.
    _, line_break, line = prefix.rpartition("\n")
    words = _WORD.findall(line)
    return " ".join(words[0 if line_break else 1 :][-3:])


def _first_words(suffix: str) -> str:
    line, line_break, _ = suffix.partition("\n")
    words = _WORD.findall(line)
    return " ".join(words[: None if line_break else -1][:3])
