"""Widgets as ingestion uses them: cached for seconds and refreshed in the background."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from app.errors import FeelbackError
from app.ingest.descriptions import described, follow_ups
from app.ingest.keys import KeyRules, rules
from app.ingest.wire import encode
from app.queries.widget_lookups import IngestWidget
from app.text import widget_types

log = logging.getLogger(__name__)

_ORIGIN = re.compile(r"(https?)://(\*\.)?([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
_LOCAL = re.compile(r"https?://(?:localhost|[a-z0-9.-]+\.localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a form declares; min and max bound a number, or the length of a text in characters."""

    name: str
    kind: str = "text"
    required: bool = False
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    label: str = ""


class Value(NamedTuple):
    """A valid value: the option that it counts for, the visitor's text, a form's fields as JSON."""

    option_no: int
    body: str | None = None
    fields: str | None = None

    def dedup_content(self, type: str) -> bytes | None:
        """Bytes hashed to detect a repeated message or form; None for types that count once a visitor."""
        if type == "form":
            return (self.fields or "").encode()
        if type in widget_types.WITH_TEXT:
            return f"{self.option_no}:{self.body}".encode()
        return None


@dataclass(slots=True)
class Widget:
    """Everything needed to validate a response. `positions` maps each value and alias to its option.

    `described` is public JSON for a page that draws the widget; `follow_ups` are the public follow-ups by option.
    """

    id: Any
    account_id: Any
    project_id: Any
    type: str
    visitor_policy: str
    edit_seconds: float | None
    origins: tuple[str, ...]
    test_mode: bool
    is_archived: bool
    is_stopped: bool
    key_rules: KeyRules
    fields: dict[str, Field]
    is_open_form: bool
    values: tuple[str, ...]
    positions: dict[str, Value]
    described: bytes
    follow_ups: dict[int, dict[str, Any]]
    day: date
    day_starts_ms: int
    day_ends_ms: int
    id_bytes: bytes
    project_bytes: bytes
    _allowed: dict[str, bool] = field(default_factory=dict)  # by origin
    _hosts: dict[str, bool] = field(default_factory=dict)  # whose pages it takes

    def takes_from(self, origin: str) -> bool:
        """Whether a page of `origin` (scheme://host[:port], or "" for none) may send."""
        known = self._allowed.get(origin)
        if known is None:
            known = is_allowed(origin, self.origins, self.test_mode)
            if len(self._allowed) < 1000 and len(origin) < 200:
                self._allowed[origin] = known
        return known

    def takes_page(self, key: str) -> bool:
        """Whether a canonical page key may be counted: an address or path of the project's sites, or any of its own."""
        rules = self.key_rules
        if rules.free_keys or (key[0] == "/" and key[1:2] not in ("/", "\\")):
            return True
        scheme, separator, rest = key.partition("://")
        if not separator or scheme not in ("http", "https"):
            return False
        host = rest.partition("/")[0]
        known = self._hosts.get(host)
        if known is None:
            # A site counts its pages without www, and may be named with the other scheme.
            names = (host, "www." + host) if rules.www else (host,)
            known = host in rules.hosts or any(
                self.takes_from(f"{scheme}://{name}") for scheme in ("https", "http") for name in names
            )
            if len(self._hosts) < 1000 and len(host) < 200:
                self._hosts[host] = known
        return known


def is_allowed(origin: str, origins: tuple[str, ...], test_mode: bool) -> bool:
    """Whether `origins` (exact, `https://*.example.com`, or `*`) admit `origin`; test mode admits localhost."""
    if "*" in origins:
        return True
    if not origin:
        return False
    origin = origin.lower()
    if test_mode and _LOCAL.fullmatch(origin):
        return True
    for allowed in origins:
        if allowed == origin:
            return True
        parts = _ORIGIN.fullmatch(allowed)
        if parts and parts[2]:
            match = _ORIGIN.fullmatch(origin)
            if match and match[1] == parts[1] and match[4] == parts[4] and match[3].endswith("." + parts[3]):
                return True
    return False


def widget(id: Any, row: IngestWidget) -> Widget:
    """A Widget from a row of fn.ingest_widget."""
    options = json.loads(row.options or "[]")
    positions = {alias: Value(option["no"]) for option in options for alias in option["aliases"]}
    positions |= {option["value"]: Value(option["no"]) for option in options}
    declared = [_declared(field) for field in json.loads(row.fields)]
    of_option = follow_ups(row)
    return Widget(
        id=id,
        account_id=row.account_id,
        project_id=row.project_id,
        type=row.type,
        visitor_policy=row.visitor_policy,
        edit_seconds=row.edit_seconds,
        origins=tuple(row.origins),
        test_mode=row.test_mode,
        is_archived=row.is_archived,
        is_stopped=row.is_stopped,
        key_rules=rules(json.loads(row.key_rules)),
        fields={f.name: f for f in declared},
        is_open_form=row.is_open_form,
        values=tuple(option["value"] for option in options),
        positions=positions,
        described=encode(described(id, row, options, of_option)),
        follow_ups={option["no"]: of_option[option["value"]] for option in options if option["value"] in of_option},
        day=row.day,
        day_starts_ms=row.day_starts_ms,
        day_ends_ms=row.day_ends_ms,
        id_bytes=id.bytes,
        project_bytes=row.project_id.bytes,
    )


def _declared(stored: dict[str, Any]) -> Field:
    choices = tuple(str(choice) for choice in stored.get("choices", ()))
    return Field(**{**stored, "choices": choices})


class Cache:
    """At most `size` results of `load`, by key. After `fresh` seconds a result is refreshed in the background; after
    `stale` seconds requests wait for the new one, so that a changed setting or revoked key takes effect by then.

    A miss is cached for one second, so that a page with a wrong id does not cost a query a visitor.
    """

    def __init__(
        self, load: Callable[[Any], Awaitable[Any]], *, fresh: float = 3, stale: float = 6, size: int = 20_000
    ):
        self._load, self._fresh, self._stale, self._size = load, fresh, stale, size
        self._entries: dict[Any, tuple[Any, float]] = {}
        self._loading: dict[Any, asyncio.Task[Any]] = {}

    def peek(self, key: Any) -> Any:
        """The cached value if it is usable without waiting; else None."""
        entry = self._entries.get(key)
        if entry is None or entry[0] is None:
            return None
        age = time.monotonic() - entry[1]
        if age > self._fresh:
            if age > self._stale:
                return None
            self._start(key)
        return entry[0]

    async def get(self, key: Any) -> Any:
        """The value of `key`, loaded if needed; None if it does not exist."""
        value = self.peek(key)
        if value is not None:
            return value
        entry = self._entries.get(key)
        if entry is not None and entry[0] is None and time.monotonic() - entry[1] < 1:
            return None
        return await self.renew(key)

    async def renew(self, key: Any) -> Any:
        """Load the value of `key` again."""
        return await asyncio.shield(self._start(key))

    def _start(self, key: Any) -> "asyncio.Task[Any]":
        task = self._loading.get(key)
        if task is None:
            task = self._loading[key] = asyncio.create_task(self._fill(key))
            task.add_done_callback(lambda done: self._ended(key, done))
        return task

    async def _fill(self, key: Any) -> Any:
        value = await self._load(key)
        if len(self._entries) >= self._size:
            self._entries.pop(next(iter(self._entries)))
        self._entries[key] = (value, time.monotonic())
        return value

    def _ended(self, key: Any, task: "asyncio.Task[Any]") -> None:
        self._loading.pop(key, None)
        if not task.cancelled() and task.exception() is not None:
            log.debug("A look-up failed: %s", type(task.exception()).__name__)


def stopped() -> FeelbackError:
    """The error for an account that has used ten times its plan's responses this month."""
    now = datetime.now(UTC)
    renews = (now.replace(day=1) + timedelta(days=31)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return FeelbackError(
        402,
        "This account has used ten times its plan's responses this month. Its owner can choose a larger plan. "
        f"Responses are accepted again from {renews:%Y-%m-%d} (UTC).",
        renewsAt=renews.isoformat(),
    )


def unknown_widget() -> FeelbackError:
    """The error for an unknown widget."""
    return FeelbackError(404, "There is no such widget. Check the id in the panel.")
