"""Typed values from a form or a query string."""

import contextlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from app.errors import FeelbackError

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def text(values: Mapping[str, str], name: str, most: int) -> str:
    """One line of text without control characters, trimmed, cut to `most` characters."""
    return _CONTROLS.sub("", values.get(name, "")).strip()[:most]


def number(values: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """A whole number, clamped to `low` and `high`; `default` if it is not a number."""
    value = values.get(name, "")
    return min(max(int(value), low), high) if re.fullmatch(r"[0-9]{1,9}", value) else default


def uuid(values: Mapping[str, str], name: str) -> UUID | None:
    """An id, or None where it is none."""
    return next(iter(uuids([values.get(name, "")])), None)


def uuids(texts: Iterable[str]) -> list[UUID]:
    """The texts that are UUIDs."""
    ids = []
    for text in texts:
        with contextlib.suppress(ValueError):
            ids.append(UUID(text))
    return ids


def day(values: Mapping[str, str], name: str) -> date | None:
    """A day, or None if the value is missing or empty.

    Raises:
        FeelbackError: 422 if it is not a date.
    """
    text = values.get(name, "").strip()
    if not text:
        return None
    try:
        result = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else date.min
    except ValueError:
        result = date.min
    if not 1970 <= result.year <= 9998:
        raise FeelbackError(422, f"“{name}” must be a date, as in 2026-08-03.")
    return result


def email(values: Mapping[str, str]) -> str:
    """The form's email address in lower case, not validated: the database does that."""
    return text(values, "email", 254).lower()


def id(values: Mapping[str, str], name: str) -> UUID:
    """A UUID, or the nil UUID, which no row has, if it is missing or invalid."""
    try:
        return UUID(values.get(name, ""))
    except ValueError:
        return UUID(int=0)


def after(values: Mapping[str, str]) -> str:
    """URL to continue to: `next` if it is a path of this site, else /."""
    address = values.get("next", "")
    return address if re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", address) else "/"
