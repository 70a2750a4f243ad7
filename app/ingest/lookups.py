"""What a request names, looked up: its widget and key, its API key; remembered, and limited for made-up names."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from app.config import Settings
from app.database import db
from app.database.ids import as_uuid
from app.errors import FeelbackError
from app.ingest.keys import canonical
from app.ingest.limits import Buckets
from app.ingest.request import Sender
from app.ingest.tokens import Tokens
from app.ingest.widgets import Cache, Widget, unknown_widget, widget
from app.queries import api_keys, placements, widget_lookups


class Lookups:
    """One web worker's memory of widgets, pages and API keys."""

    def __init__(self, settings: Settings, pool: db.Pool, tokens: Tokens) -> None:
        self._settings, self._pool, self._tokens = settings, pool, tokens
        self._widgets = Cache(self._load_widget)
        self._placements = Cache(lambda id: placements.ingest_placement(pool, id), size=100_000)
        self._api_keys = Cache(lambda hash: api_keys.ingest_api_key(pool, hash), size=1000)
        self._unknown = Buckets("address", settings.limit_address_per_second * 10, settings.limit_address_burst * 10)

    async def renewed(self, widget: Widget) -> Widget:
        """The widget as it is now, a new day begun."""
        return await self._widgets.renew(widget.id) or widget

    async def widget(self, id: object, sender: Sender | None = None) -> Widget:
        """The widget of that id (a text), which `sender`, if given, has made up or not.

        Raises:
            FeelbackError: 404 where there is none, 429.
        """
        found = await self._look_up(self._widgets, as_uuid(id, "widget"), sender)
        if found is None:
            raise unknown_widget()
        return found  # type: ignore[no-any-return]  # its Cache knows no types

    async def _look_up(self, cache: Cache, key: Any, sender: Sender | None) -> Any:
        # What is not known yet costs a query, which an address may ask for so many times.
        found = cache.peek(key)
        if found is not None:
            return found
        if sender is not None and sender.api_key is None and self._settings.limits:
            self._unknown.take(sender.address)
        return await cache.get(key)

    async def _load_widget(self, id: db.UUID) -> Widget | None:
        found = await widget_lookups.ingest_widget(self._pool, id, datetime.now(UTC))
        return widget(id, found) if found else None

    def known(self, given: dict[str, Any], widget_name: str, placement_name: str) -> tuple[Widget, str] | None:
        """What `target` gives, where it needs no waiting; else None."""
        found = self._widgets.peek(as_uuid(given[widget_name], "widget")) if widget_name in given else None
        if found is None or placement_name in given:
            return None
        return found, self.key(found, given.get("key"))

    async def target(
        self, sender: Sender, given: dict[str, Any], widget_name: str, placement_name: str
    ) -> tuple[Widget, str]:
        """The widget and canonical key that a request names, by set and key or by a page's id."""
        if placement_name in given:
            found = await self._look_up(self._placements, as_uuid(given[placement_name], "placement"), sender)
            if found is None:
                raise FeelbackError(404, "There is no such page. Check its id.")
            return await self.widget(str(found.widget_id)), found.key
        if widget_name not in given:
            raise FeelbackError(422, f"Say what it is about: give {widget_name} and key, or {placement_name}.")
        widget = await self.widget(given[widget_name], sender)
        return widget, self.key(widget, given.get("key"))

    def key(self, widget: Widget, key: object) -> str:
        """The canonical form of a key.

        Raises:
            FeelbackError: 422 where it is no text or too long.
        """
        if type(key) is not str or not key:
            raise FeelbackError(422, "The key of the page is missing: a text, such as the page's address.")
        limit = self._settings.limit_key_bytes
        if len(key) <= 4 * limit:
            key = canonical(key, widget.key_rules)
        if len(key) > limit or len(key.encode()) > limit:
            raise FeelbackError(422, f"The key has {len(key.encode())} bytes; at most {limit} are taken.", limit=limit)
        return key

    async def widget_of(self, response_id: object, token: object) -> Widget:
        """The widget of the response that `token` is for.

        Raises:
            FeelbackError: 403 for a token that does not hold (any more).
        """
        claim = self._tokens.read(as_uuid(response_id, "feelback").bytes, token)
        return await self.widget(str(db.UUID(claim.widget_id)))

    async def whole_key(self, widget: Widget, key: str) -> str:
        """The key that a published SDK meant whose read was cut at a `#`."""
        return await placements.cut_key(self._pool, widget.account_id, widget.id, key) or key

    async def api_key(self, sender: Sender, secret: str) -> api_keys.ApiKey:
        """The API key that a request shows.

        Raises:
            FeelbackError: 401 where it does not hold, 429.
        """
        found = await self._look_up(self._api_keys, sha256(secret.encode()).digest(), sender)
        if found is None:
            raise FeelbackError(401, "The API key does not hold: it is unknown, expired or revoked.")
        return found  # type: ignore[no-any-return]  # its Cache knows no types
