"""The language of a text, stored in its context as `$language`: at most three letters, which single nobody out."""

import re
from functools import lru_cache
from typing import Any

import msgspec

from app.errors import FeelbackError
from app.ingest.wire import encode

NAME = "$language"
MOST_BYTES = 100  # that are read of a header; the first language is at its beginning
# The primary subtag of BCP 47, of ISO 639. What follows it is left out: region and script say more of the person.
_PRIMARY = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z0-9])")


def first_language(header: bytes) -> str | None:
    """The first language of an Accept-Language header, such as `de`; None if there is none."""
    return _first_language(header[:MOST_BYTES])


@lru_cache(maxsize=1000)
def _first_language(header: bytes) -> str | None:
    match = _PRIMARY.match(header.decode("latin-1"))
    return match[1].lower() if match else None


def primary_subtag(value: Any) -> str:
    """The language that a page sends, such as its `lang`, without region and script.

    Raises:
        FeelbackError: 422 for what is none.
    """
    match = _PRIMARY.match(value) if type(value) is str and len(value) <= 35 else None
    if match is None:
        raise FeelbackError(422, f"{NAME} in the context must be a language of at most 35 characters, such as en.")
    return match[1].lower()


def with_language(context_json: str | None, language: str | None) -> str | None:
    """The context with a language, unless it has one or null, by which a page has none stored."""
    if language is None:
        return context_json
    context: dict[str, Any] = msgspec.json.decode(context_json) if context_json else {}
    return encode({NAME: language, **context}).decode()
