"""Look-ups of what a request names: widget, page key, API key. Cached; misses count against a limit."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from app.config import Settings
from app.database import db
from app.database.ids import as_uuid
from app.errors import FeelbackError
from app.ingest.keys import canonical
from app.ingest.limits import Buckets
from app.ingest.questions import Questions
from app.ingest.request import Sender
from app.ingest.tokens import Tokens
from app.ingest.widgets import Cache, Widget, unknown_widget, widget
from app.queries import api_keys, placements, widget_lookups

IDNA_COST = 5  # no browser sends a host that is not ASCII, and its canonical form costs as much as 5 KB of JSON


class Names(NamedTuple):
    """What a protocol calls the three fields that say what a response is about."""

    widget: str
    page: str
    placement: str


class Lookups:
    """One web process's caches of widgets, placements and API keys."""

    def __init__(self, settings: Settings, pool: db.Pool, tokens: Tokens) -> None:
        self._settings, self._pool, self._tokens = settings, pool, tokens
        self._widgets = Cache(self._load_widget)
        self._placements = Cache(lambda id: placements.ingest_placement(pool, id), size=100_000)
        self._api_keys = Cache(lambda hash: api_keys.ingest_api_key(pool, hash), size=1000)
        self._work = Buckets("address", settings.limit_address_per_second * 20, settings.limit_address_burst * 20)
        self._unknown = Buckets("address", settings.limit_address_per_second * 10, settings.limit_address_burst * 10)
        self.questions = Questions()
        self.shared = (self._unknown,)  # misses cost the database a query; what a body costs is this process's own

    async def renewed(self, widget: Widget) -> Widget:
        """The widget, reloaded because its day has ended, or a clock that was ahead has been set right."""
        return await self._widgets.renew(widget.id) or widget

    async def widget(self, id: object, sender: Sender | None = None) -> Widget:
        """Widget by id. A miss counts against the sender's lookup limit.

        Raises:
            FeelbackError: 404, 429.
        """
        widget = await self._look_up(self._widgets, as_uuid(id, "widget"), sender)
        if widget is None:
            raise unknown_widget()
        return widget  # type: ignore[no-any-return]  # its Cache knows no types

    async def _look_up(self, cache: Cache, key: Any, sender: Sender | None) -> Any:
        # A miss costs a query, so an address may cause only so many.
        entry = cache.peek(key)
        if entry is not None:
            return entry
        if sender is not None and sender.api_key is None and self._settings.limits:
            self._unknown.take(sender.address)
        return await cache.get(key)

    async def _load_widget(self, id: db.UUID) -> Widget | None:
        row = await widget_lookups.ingest_widget(self._pool, id, datetime.now(UTC))
        return widget(id, row) if row else None

    def cached_target(self, sender: Sender, body: dict[str, Any], names: Names) -> tuple[Widget, str] | None:
        """The result of `target` if it is cached; else None."""
        widget = self._widgets.peek(as_uuid(body[names.widget], "widget")) if names.widget in body else None
        if widget is None or names.placement in body:
            return None
        return widget, self.key(widget, body.get(names.page), sender)

    async def target(self, sender: Sender, body: dict[str, Any], names: Names) -> tuple[Widget, str]:
        """The widget and canonical page key that a request names, by widget and page or by placement.

        Raises:
            FeelbackError: 404, 422, 429.
        """
        if names.placement in body:
            placement = await self._look_up(self._placements, as_uuid(body[names.placement], "placement"), sender)
            if placement is None:
                raise FeelbackError(404, "There is no such placement. Check its id.")
            return await self.widget(str(placement.widget_id)), placement.key
        if names.widget not in body:
            raise FeelbackError(
                422, f"The widget is missing. Send {names.widget} and {names.page}, or {names.placement}."
            )
        widget = await self.widget(body[names.widget], sender)
        return widget, self.key(widget, body.get(names.page), sender)

    def key(self, widget: Widget, key: object, sender: Sender) -> str:
        """The canonical form of a page key.

        Raises:
            FeelbackError: 422 if it is not a text or too long, 429.
        """
        if type(key) is not str or not key:
            raise FeelbackError(422, "The page is missing. Send its address, or a key of your own, as a text.")
        limit = self._settings.limit_key_bytes
        is_ascii = key.isascii()
        if not is_ascii and not key.partition("://")[2].partition("/")[0].isascii():
            self.charge(sender, IDNA_COST)
        # Trackers may make an address several times as long as its page key, but not any number of times.
        if len(key) <= 3 * limit and (is_ascii or len(key.encode()) <= 3 * limit):
            key = canonical(key, widget.key_rules)
        if len(key) > limit or (not key.isascii() and len(key.encode()) > limit):
            raise FeelbackError(422, f"The page key has {len(key.encode())} bytes; the limit is {limit}.", limit=limit)
        return key

    def charge(self, sender: Sender, cost: int) -> None:
        """Count work against the budget of the sender's address, unless it has an API key.

        Raises:
            FeelbackError: 429.
        """
        if sender.api_key is None and self._settings.limits:
            self._work.take(sender.address, cost)

    async def widget_of(self, response_id: object, token: object) -> Widget:
        """The widget of the response that `token` is for.

        Raises:
            FeelbackError: 403 for an invalid or expired token.
        """
        claim = self._tokens.read(as_uuid(response_id, "response").bytes, token)
        return await self.widget(str(db.UUID(claim.widget_id)))

    async def whole_key(self, widget: Widget, key: str) -> str:
        """The key that a published SDK meant whose read was cut at a `#`."""
        if canonical(f"{key}#/", widget.key_rules) == key:
            return key  # an address, of which the fragment does not count
        return await placements.cut_key(self._pool, widget.account_id, widget.id, key) or key

    async def api_key(self, sender: Sender, secret: str) -> api_keys.ApiKey:
        """API key by its secret. A miss counts against the sender's lookup limit.

        Raises:
            FeelbackError: 401, 429.
        """
        key = await self._look_up(self._api_keys, sha256(secret.encode()).digest(), sender)
        if key is None:
            raise FeelbackError(401, "The API key is not valid: it is unknown, expired or revoked.")
        return key  # type: ignore[no-any-return]  # its Cache knows no types
