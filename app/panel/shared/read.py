"""From a form or a query string to typed values."""

import contextlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from app.errors import FeelbackError

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def text(given: Mapping[str, str], name: str, most: int) -> str:
    """One line of text: trimmed, without control characters, at most `most` characters long."""
    return _CONTROLS.sub("", given.get(name, "")).strip()[:most]


def number(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """A whole number within bounds, or the default where it is none."""
    value = given.get(name, "")
    return min(max(int(value), low), high) if re.fullmatch(r"[0-9]{1,9}", value) else default


def uuid(given: Mapping[str, str], name: str) -> UUID | None:
    """An id, or None where it is none."""
    return next(iter(uuids([given.get(name, "")])), None)


def uuids(given: Iterable[str]) -> list[UUID]:
    """Those of the texts that are ids."""
    found = []
    for text in given:
        with contextlib.suppress(ValueError):
            found.append(UUID(text))
    return found


def day(given: Mapping[str, str], name: str) -> date | None:
    """A day, or None where none is given.

    Raises:
        FeelbackError: 422 where it is none.
    """
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else date.min
    except ValueError:
        found = date.min
    if not 1970 <= found.year <= 9998:
        raise FeelbackError(422, f"“{name}” must be a day, as in 2026-08-03.")
    return found


def email(given: Mapping[str, str]) -> str:
    """The form's e-mail address, as it is kept; whether it is one, the database says."""
    return text(given, "email", 254).lower()


def id(given: Mapping[str, str], name: str) -> UUID:
    """The id that a form gives, or one that nothing has where it gives none."""
    try:
        return UUID(given.get(name, ""))
    except ValueError:
        return UUID(int=0)


def after(given: Mapping[str, str]) -> str:
    """Where to go on: the `next` that is an address of this site, or the start."""
    address = given.get("next", "")
    return address if re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", address) else "/"
