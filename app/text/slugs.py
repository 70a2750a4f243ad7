"""From what people write to how it is kept: slugs, origins, time zones."""

import re
import zoneinfo
from functools import cache


def slug(name: str) -> str:
    """A slug made of a name: a-z, 0-9 and -, at most 63 of them."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].rstrip("-") or "project"


def origin(text: str) -> str:
    """An origin as browsers spell it: lower case, without the scheme's own port, the host in ASCII.

    Of a page's address it is the part that counts; without a scheme https is meant.
    """
    text = text.strip().lower()
    if text != "*" and "://" not in text:
        text = f"https://{text}"
    text = re.sub(r"^(https?://[^/?#]*)[/?#].*$", r"\1", text)
    text = re.sub(r"^(?:(http://.*):80|(https://.*):443)$", r"\1\2", text)
    try:
        return re.sub(r"[^./:]*[^./:\x00-\x7f][^./:]*", lambda part: part[0].encode("idna").decode(), text)
    except UnicodeError:  # no host has this name; the database will say so
        return text


@cache
def time_zones() -> list[str]:
    """The names of the time zones that people choose from: Europe/Rome and such, UTC first."""
    named = {
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    }
    return ["UTC", *sorted(named)]
