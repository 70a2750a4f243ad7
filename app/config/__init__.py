"""Settings, read once from the environment and `.env`. All faults are reported together."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from app.config import misspelt, parse, pem
from app.config.parse import SECRET_CHARS
from app.errors import ConfigError

CODE = Path(__file__).resolve().parents[2]  # the folder that the package `app` is in
_INSTALLED = CODE / "app" / "_files"
IS_INSTALLED = _INSTALLED.is_dir()  # from a wheel, rather than run from a checkout
ROOT = _INSTALLED if IS_INSTALLED else CODE  # templates/, static/, sql/, migrations/, docs/
HOME = Path.cwd() if IS_INSTALLED else CODE  # where `.env` is looked for
_DATA_HOME = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
DATA = Path(os.path.expanduser(_DATA_HOME), "feelback") if IS_INSTALLED else CODE / ".data"


def _setting(default: Any, parser: Callable[[str], Any], *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"parser": parser, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """All settings. A setting's name in the environment is the name of its field in capitals."""

    port: int = _setting(8000, parse.whole(1, 65535))
    host: str = _setting("127.0.0.1", parse.host)
    database_url: str = _setting("", parse.database_url, secret=True)
    database_pool_url: str = _setting("", parse.database_url, secret=True)
    database_role_prefix: str = _setting("feelback", parse.role_prefix)
    feelback_data: Path = _setting(DATA, parse.path)  # noqa: RUF009 - it makes a field
    base_url: str = _setting("", parse.base_url)
    allowed_hosts: tuple[str, ...] = _setting((), parse.host_names)
    secret_key: str = _setting("", str, secret=True)
    secret_key_previous: tuple[str, ...] = _setting((), parse.secret_keys, secret=True)
    claim_token: str = _setting("", parse.token, secret=True)
    demo: str = _setting("loopback", parse.choice("loopback", "on", "off"))
    session_idle_minutes: int = _setting(10_080, parse.whole(15, 43_200))
    security_contact: str = _setting("", parse.contact)
    signup: str = _setting("open", parse.choice("open", "invite", "closed"))
    docs_widget: str = _setting("", parse.id)
    source_url: str = _setting("", parse.http_url)
    server: str = _setting("hypercorn", parse.server)
    web_concurrency: int = _setting(1, parse.whole(1, 256))
    limits: bool = _setting(True, parse.switch)
    trusted_proxies: tuple[parse.Network, ...] = _setting(parse.networks("127.0.0.0/8,::1/128"), parse.networks)
    log_level: str = _setting("info", parse.choice("debug", "info", "warning", "error"))
    log_format: str = _setting("text", parse.choice("text", "json"))
    log_requests: bool = _setting(False, parse.switch)
    log_sink_url: str = _setting("", parse.http_url, secret=True)
    log_sink_header: str = _setting("", parse.header, secret=True)
    log_sink_template: str = _setting('{"batch": $events}', parse.template)
    metrics_token: str = _setting("", parse.token, secret=True)
    sentry_dsn: str = _setting("", parse.http_url, secret=True)
    pgbin: str = _setting("", lambda text: str(parse.path(text)))
    scheduler: bool = _setting(True, parse.switch)
    worker: bool = _setting(True, parse.switch)
    mail_url: str = _setting("", parse.mail_url, secret=True)
    mail_from: str = _setting("", parse.mail_from)
    mail_per_second: int = _setting(10, parse.whole(1, 1000))
    stripe_secret_key: str = _setting("", parse.stripe_key, secret=True)
    stripe_webhook_secret: tuple[str, ...] = _setting((), parse.stripe_webhook_secrets, secret=True)
    stripe_prices: tuple[tuple[str, str, str], ...] = _setting((), parse.stripe_prices)
    stripe_trial_days: int = _setting(0, parse.whole(0, 730))
    stripe_tax: bool = _setting(False, parse.switch)
    stripe_api_url: str = _setting("https://api.stripe.com", parse.base_url)
    github_app_id: int = _setting(0, parse.whole(1, 9_999_999_999))
    github_app_slug: str = _setting("", parse.fly_name)
    github_app_client_id: str = _setting("", parse.token)
    github_app_client_secret: str = _setting("", parse.token, secret=True)
    github_app_private_key: str = _setting("", pem.rsa_key, secret=True)
    github_app_webhook_secret: str = _setting("", parse.token, secret=True)
    github_app_url: str = _setting("https://github.com", parse.base_url)
    webhook_networks: tuple[parse.Network, ...] = _setting((), parse.networks)
    backup_url: str = _setting("", parse.backup_place)
    backup_keep: parse.Ladder = _setting(parse.Ladder(7, 5, 12), parse.ladder)  # noqa: RUF009 - it makes a field
    backup_encryption: parse.Encryption = _setting(parse.NO_ENCRYPTION, parse.encryption)  # noqa: RUF009 - it makes a field
    backup_identity: Path | None = _setting(None, parse.path)  # noqa: RUF009 - it makes a field
    backup_drill: bool = _setting(True, parse.switch)
    fly_app_name: str = _setting("", parse.fly_name)
    fly_worker_machine_id: str = _setting("", parse.fly_name)
    fly_api_token: str = _setting("", str, secret=True)
    fly_api_url: str = _setting("http://_api.internal:4280", parse.http_url)
    queue_limit: int = _setting(5000, parse.whole(1, 1_000_000))
    limit_requests_in_hand: int = _setting(64, parse.whole(1, 100_000))
    limit_body_bytes: int = _setting(65_536, parse.whole(1024, 16_777_216))
    limit_body_seconds: int = _setting(10, parse.whole(1, 300))
    limit_message_chars: int = _setting(5000, parse.whole(1, 1_000_000))
    limit_key_bytes: int = _setting(2048, parse.whole(16, 2048))
    limit_context_keys: int = _setting(32, parse.whole(0, 1000))
    limit_context_bytes: int = _setting(4096, parse.whole(2, 1_048_576))
    limit_pages_per_widget: int = _setting(100_000, parse.whole(1, 2_000_000_000))
    limit_visitors_per_address: int = _setting(50, parse.whole(1, 1_000_000))
    limit_address_per_second: int = _setting(10, parse.whole(1, 1_000_000))
    limit_address_burst: int = _setting(100, parse.whole(1, 10_000_000))
    limit_project_per_second: int = _setting(500, parse.whole(1, 1_000_000))
    limit_project_burst: int = _setting(5000, parse.whole(1, 10_000_000))
    limit_page_per_second: int = _setting(200, parse.whole(1, 1_000_000))
    limit_page_burst: int = _setting(2000, parse.whole(1, 10_000_000))

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """SECRET_KEY, which signs and encrypts, and those before it, which are accepted."""
        return (self.secret_key, *self.secret_key_previous)


def names() -> list[str]:
    """The names of all settings in the environment, in order."""
    return [setting.name.upper() for setting in fields(Settings)]


def warnings(environ: Mapping[str, str] | None = None) -> list[str]:
    """A line for every old name of a setting that still has a value in `environ`, by default as for `load`.

    And for misspelt names, and where backups would be refused.
    """
    file = _dotenv() if environ is None else {}
    environ = {**file, **os.environ} if environ is None else environ
    lines = [
        f"{old} is ignored: the setting is now called {new}."
        for old, new in misspelt.RENAMED.items()
        if environ.get(old, "").strip()
    ]
    is_remote = environ.get("BACKUP_URL", "").strip().startswith("s3://")
    lines += misspelt.lines(environ, file, {*names(), *misspelt.RENAMED})
    return lines + [parse.NEEDS_ENCRYPTION] * (is_remote and not environ.get("BACKUP_ENCRYPTION", "").strip())


def child_environ() -> dict[str, str]:
    """The environment for `python -P -m app…` in any folder, with this copy of the package."""
    paths = [str(CODE), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings in `environ`, by default the environment and, below it, `.env` in HOME.

    An empty value means the default. Without DATABASE_URL a secret key is created once and stored in the data folder.

    Raises:
        ConfigError: one line for every setting that is missing or not valid.
    """
    environ = _environ() if environ is None else environ
    values: dict[str, Any] = {}
    faults: list[str] = []
    for setting in fields(Settings):
        name, text = setting.name.upper(), environ.get(setting.name.upper(), "").strip()
        if not text:
            continue
        try:
            values[setting.name] = setting.metadata["parser"](text)
        except ValueError as error:
            value = "the value" if setting.metadata["secret"] else repr(text)
            faults.append(f"{name}: {value} is not valid. It must be {error}.")
    secret = values.get("secret_key", "")
    if secret and len(secret) < SECRET_CHARS:
        faults.append(f"SECRET_KEY: {len(secret)} characters are too few. It must have at least {SECRET_CHARS}.")
    if not secret and "DATABASE_URL" in environ and environ["DATABASE_URL"].strip():
        faults.append(f"SECRET_KEY: it is missing. DATABASE_URL requires it, with at least {SECRET_CHARS} characters.")
    if "database_pool_url" in values and "database_url" not in values:
        faults.append("DATABASE_URL: it is missing. DATABASE_POOL_URL requires it, set to the database itself.")
    if "fly_worker_machine_id" in values:
        for needed in ("FLY_APP_NAME", "FLY_API_TOKEN"):
            if not environ.get(needed, "").strip():
                faults.append(f"{needed}: it is missing. FLY_WORKER_MACHINE_ID requires it.")
    if "mail_url" in values and not environ.get("MAIL_FROM", "").strip():
        faults.append("MAIL_FROM: it is missing. MAIL_URL requires it: the sender of mails.")
    if "stripe_secret_key" in values:
        faults += [
            f"{name}: it is missing. STRIPE_SECRET_KEY requires it; see docs/going-live.md."
            for name in ("STRIPE_WEBHOOK_SECRET", "STRIPE_PRICES")
            if not environ.get(name, "").strip()
        ]
    if faults:
        raise ConfigError("\n".join(faults))
    if not secret:
        values["secret_key"] = stored_secret(values.get("feelback_data", Settings.feelback_data), "secret_key")
    values.setdefault("base_url", _own_url(values.get("host", Settings.host), values.get("port", Settings.port)))
    values.setdefault("mail_from", f"Feelback <feelback@{_mail_domain(values['base_url'])}>")
    return Settings(**values)


def _environ() -> dict[str, str]:
    return {**_dotenv(), **os.environ}


def _dotenv() -> dict[str, str]:
    try:
        values = {name: value for name, value in dotenv_values(HOME / ".env").items() if value is not None}
    except UnicodeDecodeError:
        raise ConfigError(".env: it is not UTF-8 text.") from None
    # A path in the file is relative to the file, not to the current folder.
    for name in ("FEELBACK_DATA", "PGBIN", "BACKUP_URL", "BACKUP_IDENTITY"):
        if values.get(name) and "://" not in values[name]:
            values[name] = str(HOME / Path(values[name]).expanduser())
    return values


def _own_url(host: str, port: int) -> str:
    if host in ("127.0.0.1", "0.0.0.0", "::", "::1"):  # noqa: S104 - compared, not bound
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _mail_domain(base_url: str) -> str:
    host = urlsplit(base_url).hostname or ""
    try:
        return "localhost" if ":" in host else host.encode("idna").decode()  # an IPv6 address is not a domain
    except UnicodeError:
        return "localhost"


def stored_secret(folder: Path, name: str, *, least_chars: int = SECRET_CHARS) -> str:
    """Return the secret in a file of the data folder, which is created with mode 0600 unless it exists.

    Raises:
        ConfigError: the file cannot be read or created, or is too short.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Written, then linked: if several processes start at once, all read the complete key of the first.
            with tempfile.NamedTemporaryFile("w", dir=folder) as draft:  # mode 0600
                draft.write(secrets.token_urlsafe(least_chars * 3 // 2))
                draft.flush()
                with contextlib.suppress(FileExistsError):
                    os.link(draft.name, path)
        secret = path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"FEELBACK_DATA: {path} cannot be read or created ({error.strerror}).") from None
    if len(secret) < least_chars:
        raise ConfigError(
            f"{name.upper()}: {path} has only {len(secret)} characters. Delete the file to create a new one."
        )
    return secret
