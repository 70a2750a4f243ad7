"""What a request names, looked up: its content set and key, its API key; remembered, and limited for made-up names."""

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
from app.ingest.widgets import Cache, ContentSet, content_set, unknown_set
from app.queries import api_keys, placements, widget_lookups


class LookUps:
    """One web worker's memory of content sets, contents and API keys."""

    def __init__(self, settings: Settings, pool: db.Pool, tokens: Tokens) -> None:
        self._settings, self._pool, self._tokens = settings, pool, tokens
        self._sets = Cache(self._load_set)
        self._contents = Cache(lambda id: placements.ingest_content(pool, id), size=100_000)
        self._api_keys = Cache(lambda hash: api_keys.ingest_api_key(pool, hash), size=1000)
        self._unknown = Buckets("address", settings.limit_address_per_second * 10, settings.limit_address_burst * 10)

    async def renewed(self, content_set: ContentSet) -> ContentSet:
        """The content set as it is now, a new day begun."""
        return await self._sets.renew(content_set.id) or content_set

    async def content_set(self, id: object, sender: Sender | None = None) -> ContentSet:
        """The content set of that id (a text), which `sender`, if given, has made up or not.

        Raises:
            FeelbackError: 404 where there is none, 429.
        """
        found = await self._look_up(self._sets, as_uuid(id, "content set"), sender)
        if found is None:
            raise unknown_set()
        return found  # type: ignore[no-any-return]  # its Cache knows no types

    async def _look_up(self, cache: Cache, key: Any, sender: Sender | None) -> Any:
        # What is not known yet costs a query, which an address may ask for so many times.
        found = cache.peek(key)
        if found is not None:
            return found
        if sender is not None and sender.api_key is None and self._settings.limits:
            self._unknown.take(sender.address)
        return await cache.get(key)

    async def _load_set(self, id: db.UUID) -> ContentSet | None:
        found = await widget_lookups.ingest_set(self._pool, id, datetime.now(UTC))
        return content_set(id, found) if found else None

    def known(self, given: dict[str, Any], set_name: str, content_name: str) -> tuple[ContentSet, str] | None:
        """What `target` gives, where it needs no waiting; else None."""
        found = self._sets.peek(as_uuid(given[set_name], "content set")) if set_name in given else None
        if found is None or content_name in given:
            return None
        return found, self.key(found, given.get("key"))

    async def target(
        self, sender: Sender, given: dict[str, Any], set_name: str, content_name: str
    ) -> tuple[ContentSet, str]:
        """The content set and canonical key that a request names, by set and key or by a content's id."""
        if content_name in given:
            found = await self._look_up(self._contents, as_uuid(given[content_name], "content"), sender)
            if found is None:
                raise FeelbackError(404, "There is no such content. Check its id.")
            return await self.content_set(str(found.content_set_id)), found.key
        if set_name not in given:
            raise FeelbackError(422, f"Say what it is about: give {set_name} and key, or {content_name}.")
        found_set = await self.content_set(given[set_name], sender)
        return found_set, self.key(found_set, given.get("key"))

    def key(self, content_set: ContentSet, key: object) -> str:
        """The canonical form of a key.

        Raises:
            FeelbackError: 422 where it is no text or too long.
        """
        if type(key) is not str or not key:
            raise FeelbackError(422, "The key of the content is missing: a text, such as the page's address.")
        limit = self._settings.limit_key_bytes
        if len(key) <= 4 * limit:
            key = canonical(key, content_set.key_rules)
        if len(key) > limit or len(key.encode()) > limit:
            raise FeelbackError(422, f"The key has {len(key.encode())} bytes; at most {limit} are taken.", limit=limit)
        return key

    async def set_of(self, feelback_id: object, token: object) -> ContentSet:
        """The content set of the signal that `token` is for.

        Raises:
            FeelbackError: 403 for a token that does not hold (any more).
        """
        claim = self._tokens.read(as_uuid(feelback_id, "feelback").bytes, token)
        return await self.content_set(str(db.UUID(claim.set_id)))

    async def whole_key(self, content_set: ContentSet, key: str) -> str:
        """The key that a published SDK meant whose read was cut at a `#`."""
        return await placements.cut_key(self._pool, content_set.account_id, content_set.id, key) or key

    async def api_key(self, sender: Sender, secret: str) -> api_keys.ApiKey:
        """The API key that a request shows.

        Raises:
            FeelbackError: 401 where it does not hold, 429.
        """
        found = await self._look_up(self._api_keys, sha256(secret.encode()).digest(), sender)
        if found is None:
            raise FeelbackError(401, "The API key does not hold: it is unknown, expired or revoked.")
        return found  # type: ignore[no-any-return]  # its Cache knows no types
