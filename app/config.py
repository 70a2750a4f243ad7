"""Settings: read once from the environment over `.env`, every fault told at once, frozen afterwards."""

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from dotenv import dotenv_values

from app.backups import encryption, ladder
from app.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
DATA = ROOT / ".data"
SECRET_CHARS = 32


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text.lower()

    return parse


def _switch(text: str) -> bool:
    return _choice("on", "off")(text) == "on"


def _id(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text.lower()):
        raise ValueError("an id, such as 019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f")
    return text.lower()


def _host(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z_.:%-]+", text):
        raise ValueError("a host name or an address to listen on, such as 127.0.0.1 or 0.0.0.0")
    return text


def _base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a host or port that is none
        fits = False
    if not fits or parts.path.strip("/") or parts.query:
        raise ValueError("an address without a path, such as https://feelback.example.com")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("postgres", "postgresql")
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("an address that begins with postgresql://")
    if "," in parts.netloc.rpartition("@")[2] and "target_session_attrs=" not in parts.query:
        # Of several hosts that one which takes writes, whichever it is by then.
        query = "&".join(filter(None, [parts.query, "target_session_attrs=read-write"]))
        return urlunsplit(parts._replace(query=query))
    return text


def _mail_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        fits = False
    if not fits or parts.path.strip("/") or parts.query or (parts.username is None) != (parts.password is None):
        raise ValueError("an address such as smtp://user:password@host:587 or smtps://user:password@host:465")
    return text


def _mail_from(text: str) -> str:
    word = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+"
    address = rf"{word}(\.{word})*@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
    if not text.isprintable() or not re.fullmatch(rf"{address}|[^<>@\",;:]+ <{address}>", text):
        raise ValueError("an address such as Feelback <feelback@example.com>")
    return text


def _stripe_prices(text: str) -> tuple[tuple[str, str, str], ...]:
    found = re.findall(r"([a-z][a-z_]*)_(month|year)ly:(price_\w+)", text)
    if re.sub(r"[a-z][a-z_]*_(month|year)ly:price_\w+", "", text).strip(", ") or not found:
        raise ValueError("plans with their prices, such as starter_monthly:price_1A,starter_yearly:price_1B")
    if len({price for *_, price in found}) < len(found) or len({place[:2] for place in found}) < len(found):
        raise ValueError("a list that names each plan's month and year, and each price, once")
    return tuple(found)


def _stripe_key(text: str) -> str:
    if not re.fullmatch(r"(sk|rk)_(test|live)_\w+", text):
        raise ValueError("a secret or restricted key that begins with sk_ or rk_")
    return text


def _stripe_webhook_secrets(text: str) -> tuple[str, ...]:
    secrets = tuple(part.strip() for part in text.split(","))
    if not all(re.fullmatch(r"whsec_\S+", secret) for secret in secrets):
        raise ValueError("a signing secret that begins with whsec_, or two with a comma while one replaces the other")
    return secrets


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("networks with commas between them, such as 10.0.0.0/8,fd00::/8") from None


def _http_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("an address that begins with https:// or http://")
    return text


def _fly_name(text: str) -> str:
    if not re.fullmatch(r"[0-9a-z][0-9a-z-]{0,99}", text):
        raise ValueError("a name of a-z, 0-9 and -")
    return text


def _header(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z-]+:[\t\x20-\x7e]+", text):
        raise ValueError("one header, such as X-API-KEY: abc")
    return text


def _template(text: str) -> str:
    if text.count("$events") + text.count("$lines") != 1:
        raise ValueError('a body with $events or $lines in it once, such as {"batch": $events}')
    return text


def _token(text: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]{16,}", text):
        raise ValueError("16 printable characters or more, without spaces")
    return text


def _backup_place(text: str) -> str:
    if text.startswith("s3://"):
        if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w.=+/-]*)?", text):
            raise ValueError("a bucket and perhaps a prefix, such as s3://my-backups/feelback, or a folder")
        return text
    return str(_path(text))


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _setting(default: Any, parse: Callable[[str], Any], *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"parse": parse, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """Everything that may be set. A setting's name in the environment is its field's, in capitals."""

    port: int = _setting(8000, _whole(1, 65535))
    host: str = _setting("127.0.0.1", _host)
    database_url: str = _setting("", _database_url, secret=True)
    database_pool_url: str = _setting("", _database_url, secret=True)
    feelback_data: Path = _setting(DATA, _path)  # noqa: RUF009 - it makes a field
    base_url: str = _setting("", _base_url)
    secret_key: str = _setting("", str, secret=True)
    signup: str = _setting("open", _choice("open", "invite", "closed"))
    docs_set: str = _setting("", _id)
    web_concurrency: int = _setting(1, _whole(1, 256))
    limits: bool = _setting(True, _switch)
    trusted_proxies: tuple[Network, ...] = _setting(_networks("127.0.0.0/8,::1/128"), _networks)
    log_level: str = _setting("info", _choice("debug", "info", "warning", "error"))
    log_format: str = _setting("text", _choice("text", "json"))
    log_requests: bool = _setting(False, _switch)
    log_sink_url: str = _setting("", _http_url, secret=True)
    log_sink_header: str = _setting("", _header, secret=True)
    log_sink_template: str = _setting('{"batch": $events}', _template)
    metrics_token: str = _setting("", _token, secret=True)
    sentry_dsn: str = _setting("", _http_url, secret=True)
    pgbin: str = _setting("", lambda text: str(_path(text)))
    scheduler: bool = _setting(True, _switch)
    worker: bool = _setting(True, _switch)
    mail_url: str = _setting("", _mail_url, secret=True)
    mail_from: str = _setting("", _mail_from)
    mail_per_second: int = _setting(10, _whole(1, 1000))
    stripe_secret_key: str = _setting("", _stripe_key, secret=True)
    stripe_webhook_secret: tuple[str, ...] = _setting((), _stripe_webhook_secrets, secret=True)
    stripe_prices: tuple[tuple[str, str, str], ...] = _setting((), _stripe_prices)
    stripe_trial_days: int = _setting(0, _whole(0, 730))
    stripe_tax: bool = _setting(False, _switch)
    stripe_api_url: str = _setting("https://api.stripe.com", _base_url)
    backup_url: str = _setting("", _backup_place)
    backup_keep: ladder.Ladder = _setting(ladder.Ladder(7, 5, 12), ladder.parsed)  # noqa: RUF009 - it makes a field
    backup_encryption: encryption.Encryption = _setting(encryption.NONE, encryption.parsed)  # noqa: RUF009 - it makes a field
    fly_app_name: str = _setting("", _fly_name)
    fly_worker_machine_id: str = _setting("", _fly_name)
    fly_api_token: str = _setting("", str, secret=True)
    fly_api_url: str = _setting("http://_api.internal:4280", _http_url)
    queue_limit: int = _setting(5000, _whole(1, 1_000_000))
    limit_body_bytes: int = _setting(65_536, _whole(1024, 16_777_216))
    limit_body_seconds: int = _setting(10, _whole(1, 300))
    limit_message_chars: int = _setting(5000, _whole(1, 1_000_000))
    limit_key_bytes: int = _setting(2048, _whole(16, 2048))
    limit_context_keys: int = _setting(32, _whole(0, 1000))
    limit_context_bytes: int = _setting(4096, _whole(2, 1_048_576))
    limit_contents_per_set: int = _setting(100_000, _whole(1, 2_000_000_000))
    limit_visitors_per_address: int = _setting(50, _whole(1, 1_000_000))
    limit_address_per_second: int = _setting(10, _whole(1, 1_000_000))
    limit_address_burst: int = _setting(100, _whole(1, 10_000_000))
    limit_project_per_second: int = _setting(500, _whole(1, 1_000_000))
    limit_project_burst: int = _setting(5000, _whole(1, 10_000_000))
    limit_content_per_second: int = _setting(200, _whole(1, 1_000_000))
    limit_content_burst: int = _setting(2000, _whole(1, 10_000_000))


def names() -> list[str]:
    """The names of all settings as the environment spells them, in order."""
    return [setting.name.upper() for setting in fields(Settings)]


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in `environ`; by default in the environment, over those in the project's `.env`.

    An empty value is the default. Without DATABASE_URL a secret key is made once and kept in the data folder.

    Raises:
        ConfigError: one line for every setting that is missing or not allowed.
    """
    if environ is None:
        environ = {**_dotenv(), **os.environ}
    values: dict[str, Any] = {}
    faults: list[str] = []
    for setting in fields(Settings):
        name, text = setting.name.upper(), environ.get(setting.name.upper(), "").strip()
        if not text:
            continue
        try:
            values[setting.name] = setting.metadata["parse"](text)
        except ValueError as error:
            given = "its value" if setting.metadata["secret"] else repr(text)
            faults.append(f"{name}: {given} is not allowed; it must be {error}.")
    secret = values.get("secret_key", "")
    if secret and len(secret) < SECRET_CHARS:
        faults.append(f"SECRET_KEY: it has {len(secret)} characters; it must have at least {SECRET_CHARS}.")
    if not secret and "DATABASE_URL" in environ and environ["DATABASE_URL"].strip():
        faults.append(
            f"SECRET_KEY: it is missing; with DATABASE_URL it must be set, to {SECRET_CHARS} characters or more."
        )
    if "database_pool_url" in values and "database_url" not in values:
        faults.append(
            "DATABASE_URL: it is missing; with DATABASE_POOL_URL it must be set, to the database's own address."
        )
    if "fly_worker_machine_id" in values:
        for needed in ("FLY_APP_NAME", "FLY_API_TOKEN"):
            if not environ.get(needed, "").strip():
                faults.append(f"{needed}: it is missing; with FLY_WORKER_MACHINE_ID it must be set.")
    if "mail_url" in values and not environ.get("MAIL_FROM", "").strip():
        faults.append("MAIL_FROM: it is missing; with MAIL_URL it must be set, to the address that mails come from.")
    if "stripe_secret_key" in values:
        faults += [
            f"{name}: it is missing; with STRIPE_SECRET_KEY it must be set, see docs/going-live.md."
            for name in ("STRIPE_WEBHOOK_SECRET", "STRIPE_PRICES")
            if not environ.get(name, "").strip()
        ]
    if faults:
        raise ConfigError("\n".join(faults))
    if not secret:
        values["secret_key"] = _kept_secret(values.get("feelback_data", Settings.feelback_data))
    values.setdefault("base_url", _own_url(values.get("host", Settings.host), values.get("port", Settings.port)))
    values.setdefault("mail_from", f"Feelback <feelback@{_mail_domain(values['base_url'])}>")
    return Settings(**values)


def _dotenv() -> dict[str, str]:
    try:
        values = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    except UnicodeDecodeError:
        raise ConfigError(".env: it is not UTF-8 text.") from None
    for name in (
        "FEELBACK_DATA",
        "PGBIN",
        "BACKUP_URL",
    ):  # A path in the file is meant from the file, not from where we were started.
        if values.get(name) and "://" not in values[name]:
            values[name] = str(ROOT / Path(values[name]).expanduser())
    return values


def _own_url(host: str, port: int) -> str:
    if host in ("127.0.0.1", "0.0.0.0", "::", "::1"):  # noqa: S104 - compared, not bound
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _mail_domain(base_url: str) -> str:
    host = urlsplit(base_url).hostname or ""
    try:
        return "localhost" if ":" in host else host.encode("idna").decode()  # an IPv6 address is no domain
    except UnicodeError:
        return "localhost"


def _kept_secret(folder: Path) -> str:
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Written whole, then linked: of several processes that start at once one wins and all read the same.
            with tempfile.NamedTemporaryFile("w", dir=folder) as draft:  # mode 0600
                draft.write(secrets.token_urlsafe(48))
                draft.flush()
                with contextlib.suppress(FileExistsError):
                    os.link(draft.name, path)
        secret = path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"FEELBACK_DATA: {path} cannot be read or made ({error.strerror}).") from None
    if len(secret) < SECRET_CHARS:
        raise ConfigError(f"SECRET_KEY: {path} holds {len(secret)} characters; remove the file to have one made.")
    return secret
