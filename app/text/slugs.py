"""Normalises what people enter: slugs and origins. Lists time zones."""

import re
import zoneinfo
from functools import cache


def slug(name: str) -> str:
    """Derive a slug from a name: at most 63 characters of a-z, 0-9 and -."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].rstrip("-") or "project"


def origin(text: str) -> str:
    """Normalise an origin as browsers do: lower case, without the default port, the host in ASCII.

    Path and query of a URL are dropped. The default scheme is https.
    """
    text = text.strip().lower()
    if text != "*" and "://" not in text:
        text = f"https://{text}"
    text = re.sub(r"^(https?://[^/?#]*)[/?#].*$", r"\1", text)
    text = re.sub(r"^(?:(http://.*):80|(https://.*):443)$", r"\1\2", text)
    try:
        return re.sub(r"[^./:]*[^./:\x00-\x7f][^./:]*", lambda part: part[0].encode("idna").decode(), text)
    except UnicodeError:  # not a valid host: the database refuses it with a message
        return text


@cache
def time_zones() -> list[str]:
    """The names of time zones, such as Europe/Rome, in order but UTC first."""
    names = {
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    }
    return ["UTC", *sorted(names)]
