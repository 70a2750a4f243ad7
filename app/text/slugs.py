"""Normalises what people enter: slugs and origins. Lists time zones."""

import re
import zoneinfo
from functools import cache

from anyascii import anyascii

_LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}


def slug(name: str) -> str:
    """Derive a slug from a name in any script: at most 63 characters of a-z, 0-9 and -."""
    return re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")[:63].rstrip("-") or "project"


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


def site_origins(text: str) -> list[str]:
    """Origins of a site: the one entered, and its other usual name, with or without www, or 127.0.0.1 for localhost."""
    is_local = re.fullmatch(r"(localhost|127\.0\.0\.1)(:[0-9]*)?([/?#].*)?", text.strip().lower())
    first = origin(f"http://{text.strip()}" if is_local else text)
    match = re.fullmatch(r"(https?://)([a-z0-9.-]+)(:[0-9]+)?", first)
    if not match:
        return [first]
    scheme, host, port = match[1], match[2], match[3] or ""
    if host in _LOOPBACK:
        other = _LOOPBACK[host]
    elif host.startswith("www."):
        other = host[4:]
    else:
        other = f"www.{host}" if re.fullmatch(r"[^.]+\.[a-z][^.]*", host) else ""
    return [first, f"{scheme}{other}{port}"] if other else [first]


def site_name(text: str) -> str:
    """The host of a site, without www, in its own script; empty without one."""
    host = re.sub(r"^([a-z]+://)?(www\.)?|[/?#].*$", "", text.strip().lower())
    return "" if host == "*" else host


@cache
def time_zones() -> list[str]:
    """The names of time zones, such as Europe/Rome, in order but UTC first."""
    names = {
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    }
    return ["UTC", *sorted(names)]
