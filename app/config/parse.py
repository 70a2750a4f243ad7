"""Parsers of settings. Each returns the value of a text, or raises a ValueError that says what is valid."""

import importlib.util
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit, urlunsplit

SECRET_CHARS = 32
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Ladder(NamedTuple):
    """The number of days, ISO weeks and months (UTC) whose newest backup is kept. Those without one do not count."""

    days: int
    weeks: int
    months: int


class Encryption(NamedTuple):
    """The program that encrypts backups ("", "age" or "gpg") and its recipient, for gpg perhaps a public key's path."""

    program: str
    recipient: str


NO_ENCRYPTION = Encryption("", "")  # the default, for folders
NEEDS_ENCRYPTION = (
    "BACKUP_ENCRYPTION: it is missing. Backups to s3:// leave this machine and need it: set age:RECIPIENT or gpg:KEY,"
    " or off to store them unencrypted."
)
UNENCRYPTED = Encryption("", "off")  # a choice, for storage elsewhere as well


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text.lower()

    return parse


def pattern(regex: str, wish: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(regex, text):
            raise ValueError(wish)
        return text

    return parse


host = pattern(r"[0-9A-Za-z_.:%-]+", "a host name or an address to listen on, such as 127.0.0.1 or 0.0.0.0")
contact = pattern(
    r"(mailto:[^\s@]+@[^\s@]+|https://\S+)",
    "an address such as mailto:security@example.com or https://example.com/security",
)
stripe_key = pattern(r"(sk|rk)_(test|live)_\w+", "a secret or restricted key that begins with sk_ or rk_")
fly_name = pattern(r"[0-9a-z][0-9a-z-]{0,99}", "a name of a-z, 0-9 and -")
header = pattern(r"[0-9A-Za-z-]+:[\t\x20-\x7e]+", "one header, such as X-API-KEY: abc")
token = pattern(r"[\x21-\x7e]{16,}", "16 printable characters or more, without spaces")


def server(text: str) -> str:
    name = choice("hypercorn", "uvicorn")(text)
    if not all(importlib.util.find_spec(module) for module in {"uvicorn": ("uvicorn", "httptools")}.get(name, ())):
        raise ValueError("hypercorn, as uvicorn and httptools are not installed; the extra fast has them")
    return name


def switch(text: str) -> bool:
    return choice("on", "off")(text) == "on"


def id(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text.lower()):
        raise ValueError("an id, such as 019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f")
    return text.lower()


def host_names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip().lower().rstrip(".") for part in text.split(",") if part.strip())
    if not all(re.fullmatch(r"[0-9a-z_-]+(\.[0-9a-z_-]+)*|\[[0-9a-f:.]+\]", name) for name in names):
        raise ValueError("host names without ports, with commas between them, such as feelback,10.0.0.5")
    return names


def _address(text: str, *schemes: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        return parts if parts.scheme in schemes and parts.hostname and parts.port != 0 else None
    except ValueError:  # an invalid host or port
        return None


def base_url(text: str) -> str:
    parts = _address(text, "http", "https")
    if not parts or parts.path.strip("/") or parts.query:
        raise ValueError("an address without a path, such as https://feelback.example.com")
    return text.rstrip("/")


def database_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("postgres", "postgresql")
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("an address that begins with postgresql://")
    if "," in parts.netloc.rpartition("@")[2] and "target_session_attrs=" not in parts.query:
        # Of several hosts, connect to the one that accepts writes.
        query = "&".join(filter(None, [parts.query, "target_session_attrs=read-write"]))
        return urlunsplit(parts._replace(query=query))
    return text


def role_prefix(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text) or text.startswith("pg_"):
        raise ValueError("at most 40 of a-z, 0-9 and _, beginning with a letter, such as feelback2")
    return text


def secret_keys(text: str) -> tuple[str, ...]:
    keys = tuple(text.split())
    if not all(len(key) >= SECRET_CHARS for key in keys):
        raise ValueError(f"keys of at least {SECRET_CHARS} characters, newest first, with spaces between them")
    return keys


def mail_url(text: str) -> str:
    parts = _address(text, "smtp", "smtps")
    if not parts or parts.path.strip("/") or parts.query or (parts.username is None) != (parts.password is None):
        raise ValueError("an address such as smtp://user:password@host:587 or smtps://user:password@host:465")
    return text


def mail_from(text: str) -> str:
    word = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+"
    address = rf"{word}(\.{word})*@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
    if not text.isprintable() or not re.fullmatch(rf"{address}|[^<>@\",;:]+ <{address}>", text):
        raise ValueError("an address such as Feelback <feelback@example.com>")
    return text


def stripe_prices(text: str) -> tuple[tuple[str, str, str], ...]:
    prices = re.findall(r"([a-z][a-z_]*)_(month|year)ly:(price_\w+)", text)
    if re.sub(r"[a-z][a-z_]*_(month|year)ly:price_\w+", "", text).strip(", ") or not prices:
        raise ValueError("plans with their prices, such as starter_monthly:price_1A,starter_yearly:price_1B")
    if len({price for *_, price in prices}) < len(prices) or len({row[:2] for row in prices}) < len(prices):
        raise ValueError("a list that names each plan's month and year, and each price, once")
    return tuple(prices)


def stripe_webhook_secrets(text: str) -> tuple[str, ...]:
    secrets = tuple(part.strip() for part in text.split(","))
    if not all(re.fullmatch(r"whsec_\S+", secret) for secret in secrets):
        raise ValueError("a signing secret that begins with whsec_, or two with a comma while one replaces the other")
    return secrets


def networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("networks with commas between them, such as 10.0.0.0/8,fd00::/8") from None


def http_url(text: str) -> str:
    if not _address(text, "http", "https"):
        raise ValueError("an address that begins with https:// or http://")
    return text


def template(text: str) -> str:
    if text.count("$events") + text.count("$lines") != 1:
        raise ValueError('a body with $events or $lines in it once, such as {"batch": $events}')
    return text


def backup_place(text: str) -> str:
    if text.startswith("s3://"):
        if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w.=+/-]*)?", text):
            raise ValueError("a bucket and perhaps a prefix, such as s3://my-backups/feelback, or a folder")
        return text
    return str(path(text))


def path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def ladder(text: str) -> Ladder:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise ValueError("three whole numbers: days, weeks and months to keep a backup of, such as 7,5,12")
    return Ladder(*map(int, parts))


def encryption(text: str) -> Encryption:
    if text.lower() == "off":
        return UNENCRYPTED
    program, _, recipient = text.partition(":")
    if program not in ("age", "gpg") or not re.fullmatch(r"[0-9A-Za-z@+_./][0-9A-Za-z@ +/=_.-]*", recipient):
        raise ValueError(
            "age:RECIPIENT, gpg:KEY or gpg:/path/of/public-key.asc, such as gpg:backups@example.com, or off"
        )
    return Encryption(program, recipient)
