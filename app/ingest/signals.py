"""The heart of ingestion: what a signal goes through, whichever protocol it came by."""

import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from app import db
from app.addresses import Addresses
from app.config import Settings
from app.errors import FeelbackError
from app.ingest import values
from app.ingest.batch import Batcher
from app.ingest.keys import canonical
from app.ingest.limits import Buckets
from app.ingest.rejections import Rejections
from app.ingest.sets import Cache, ContentSet, content_set, unknown_set
from app.ingest.tokens import FOREVER_MS, Tokens, iso
from app.ingest.visitors import Salts, Visitors
from app.queries import contents, feelbacks, keys, rejections, sets, tallies, visitors
from app.queries.feelbacks import Signal

log = logging.getLogger(__name__)

LANES = 4
ID, FOLD_KEY = Signal._fields.index("id"), Signal._fields.index("fold_key")
REFUSED = {
    "unknown_set": (404, "There is no such content set. Check the id in the panel."),
    "contents_limit": (422, "This content set has all the contents that it may have."),
    "address_limit": (429, "This address has sent its day's signals for this content."),
}


@dataclass(slots=True)
class Sender:
    """What a request shows of who sends it; `address` is packed, `api_key` wins over `origin`."""

    origin: str
    address: bytes
    user_agent: bytes
    is_bot: bool
    api_key: keys.ApiKey | None = None


@dataclass(slots=True)
class Stored:
    """An acknowledged signal: its id, whether it is `counted`, `folded`, `edited` or `ignored`, and its token."""

    id: str
    outcome: str
    token: str | None = None
    expire_at: str | None = None


class Ingest:
    """The state of one web worker's ingestion: caches, queues and connections; made and closed inside its loop."""

    def __init__(self, settings: Settings, dsn: str, pool: db.Pool) -> None:
        self.settings, self._pool = settings, pool
        self.tokens = Tokens(settings.secret_key)
        self.addresses = Addresses(settings, on_fly="FLY_APP_NAME" in os.environ)
        self._salts = Salts(lambda day, fresh: visitors.visitor_salt(pool, day, fresh))
        self._visitors = Visitors(settings, self._salts)
        self._sets = Cache(self._load_set)
        self._contents = Cache(lambda id: contents.ingest_content(pool, id), size=100_000)
        self._api_keys = Cache(lambda hash: keys.ingest_api_key(pool, hash), size=1000)
        self.rejections = Rejections(lambda rows: rejections.add_rejections(pool, rows))
        self._buckets = (
            Buckets("address", settings.limit_address_per_second, settings.limit_address_burst),
            Buckets("project", settings.limit_project_per_second, settings.limit_project_burst),
            Buckets("content", settings.limit_content_per_second, settings.limit_content_burst),
        )
        reads = (settings.limit_address_per_second * 10, settings.limit_address_burst * 10)
        self._reads, self._look_ups = Buckets("address", *reads), Buckets("address", *reads)
        self._held = [db.Held(dsn) for _ in range(2 + LANES)]
        limit = settings.queue_limit
        self.writes = Batcher(self._flush_writes, limit=limit)
        self.reads = Batcher(self._flush_reads, limit=limit, size=100)  # each of up to 200 keys
        self._lanes = [Batcher(self._lane(held), limit=limit, size=1) for held in self._held[2:]]

    async def close(self) -> None:
        """Answers all that waits, then lets go of the database."""
        for batcher in (self.writes, self.reads, *self._lanes):
            await batcher.drain()
        await self.rejections.flush()
        for held in self._held:
            await held.close()

    # Looking up

    async def content_set(self, id: object, sender: Sender | None = None) -> ContentSet:
        """The content set of that id (a text), which `sender`, if given, has made up or not.

        Raises:
            FeelbackError: 404 where there is none, 429.
        """
        found = await self._look_up(self._sets, as_uuid(id, "content set"), sender)
        if found is None:
            raise unknown_set()
        return found  # type: ignore[no-any-return]

    async def _look_up(self, cache: Cache, key: Any, sender: Sender | None) -> Any:
        # What is not known yet costs a query, which an address may ask for so many times.
        found = cache.peek(key)
        if found is not None:
            return found
        if sender is not None and sender.api_key is None and self.settings.limits:
            self._look_ups.take(sender.address)
        return await cache.get(key)

    async def _load_set(self, id: db.UUID) -> ContentSet | None:
        found = await sets.ingest_set(self._pool, id, datetime.now(UTC))
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
        limit = self.settings.limit_key_bytes
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
        claim = self.tokens.read(as_uuid(feelback_id, "feelback").bytes, token)
        return await self.content_set(str(db.UUID(claim.set_id)))

    async def whole_key(self, content_set: ContentSet, key: str) -> str:
        """The key that a published SDK meant whose read was cut at a `#`."""
        return await contents.cut_key(self._pool, content_set.account_id, content_set.id, key) or key

    async def api_key(self, sender: Sender, secret: str) -> keys.ApiKey:
        """The API key that a request shows.

        Raises:
            FeelbackError: 401 where it does not hold, 429.
        """
        found = await self._look_up(self._api_keys, sha256(secret.encode()).digest(), sender)
        if found is None:
            raise FeelbackError(401, "The API key does not hold: it is unknown, expired or revoked.")
        return found  # type: ignore[no-any-return]

    # Judging

    def admit(self, sender: Sender, content_set: ContentSet, content: str) -> None:
        """Lets a signal in by its origin or API key, within the limits.

        Raises:
            FeelbackError: 403 or 429; noted in the project's rejections.
        """
        if sender.api_key is not None:
            if sender.api_key.project_id != content_set.project_id or sender.api_key.kind != "write":
                raise self.refused(sender, content_set, "key", FeelbackError(403, "The API key may not write here."))
        elif not content_set.takes_from(sender.origin):
            told = f"from {sender.origin}" if sender.origin else "without an origin or an API key"
            raise self.refused(
                sender,
                content_set,
                "origin",
                FeelbackError(403, f"This project takes no signals {told}. Add the site in the project's settings."),
            )
        if self.settings.limits:
            address, project, per_content = self._buckets
            try:
                if sender.api_key is None:
                    address.take(sender.address)
                project.take(content_set.project_bytes)
                per_content.take(content_set.id_bytes + content.encode())
            except FeelbackError as error:
                raise self.refused(sender, content_set, "limit", error) from None

    def refused(self, sender: Sender, content_set: ContentSet, reason: str, error: FeelbackError) -> FeelbackError:
        """Notes a refusal, and gives the error back."""
        self.rejections.add(content_set.account_id, content_set.project_id, reason, sender.origin)
        return error

    # Writing

    async def create(
        self,
        sender: Sender,
        content_set: ContentSet,
        key: str,
        value: Any,
        context: Any = None,
        visitor: object = None,
        revokable: bool = False,
    ) -> Stored:
        """Stores and counts a signal; returns after the commit.

        Raises:
            FeelbackError: 403, 422, 429 or 503, saying why it was not stored.
        """
        self.admit(sender, content_set, key)
        now_ms = time.time_ns() // 1_000_000
        if now_ms >= self._salts.ends_ms:
            await self._salts.renew()
        if now_ms >= content_set.day_ends_ms:
            content_set = await self._sets.renew(content_set.id) or content_set
        try:
            judged = values.judge(content_set, value, self.settings)
            kept_context = None if context is None else values.judge_context(context, self.settings)
            who = self._visitors.visitor(
                content_set.project_bytes,
                content_set.id_bytes + key.encode(),
                content_set.visitor_policy,
                visitor,
                None if sender.api_key else sender.address,
                sender.user_agent,
                judged.said(content_set.type),
                now_ms,
            )
        except FeelbackError as error:
            raise self.refused(sender, content_set, "value", error) from None
        id = db.UUID(uuid_v7(now_ms))
        if sender.is_bot:
            return Stored(str(id), "ignored")
        refused = await self.writes.submit(
            (
                content_set.account_id,
                content_set.id,
                key,
                id,
                now_ms,
                content_set.day,
                *judged,
                kept_context,
                *who,
            )
        )
        outcome = "counted"
        if refused is not None:
            outcome = refused.outcome
            if outcome != "folded":
                status, message = REFUSED[outcome]
                # At midnight the salt changes, and with it what an address is known by.
                wait = {"retry-after": str((self._salts.ends_ms - now_ms) // 1000 + 1)} if status == 429 else None
                raise self.refused(sender, content_set, outcome, FeelbackError(status, message, headers=wait))
            id = refused.feelback_id
        return self._stored(id, content_set, outcome, now_ms, revokable)

    async def edit(self, sender: Sender, feelback_id: object, token: object, value: Any) -> Stored:
        """Gives a signal a new value and a fresh token; its context stays.

        Raises:
            FeelbackError: 403 for a token that does not hold (any more), 404 for a signal that is gone, 422.
        """
        id = as_uuid(feelback_id, "feelback")
        content_set = await self.set_of(feelback_id, token)
        self.admit(sender, content_set, str(id))
        try:
            judged = values.judge(content_set, value, self.settings)
        except FeelbackError as error:
            raise self.refused(sender, content_set, "value", error) from None
        now_ms = time.time_ns() // 1_000_000
        now = datetime.fromtimestamp(now_ms / 1000, UTC)
        found = await self._in_lane(
            id,
            lambda held: feelbacks.edit_feelback(
                held, content_set.account_id, id, judged.option_no, judged.body, judged.fields, now
            ),
        )
        if not found:
            raise FeelbackError(404, "This signal was removed.")
        return self._stored(id, content_set, "edited", now_ms, True)

    async def remove(self, sender: Sender, feelback_id: object, token: object) -> None:
        """Takes a signal back; again, it does nothing.

        Raises:
            FeelbackError: 403 for a token that does not hold (any more).
        """
        id = as_uuid(feelback_id, "feelback")
        content_set = await self.set_of(feelback_id, token)
        self.admit(sender, content_set, str(id))
        await self._in_lane(id, lambda held: feelbacks.remove_feelback(held, content_set.account_id, id))

    def _in_lane(self, id: db.UUID, call: Any) -> Any:
        return self._lanes[id.bytes[15] % LANES].submit(call)

    def _lane(self, held: db.Held) -> Any:
        async def flush(calls: list[Any]) -> list[Any]:
            return [await call(held) for call in calls]

        return flush

    def _stored(self, id: db.UUID, content_set: ContentSet, outcome: str, now_ms: int, revokable: bool) -> Stored:
        seconds = content_set.edit_seconds
        if not revokable or seconds == 0:
            return Stored(str(id), outcome)
        expires_ms = FOREVER_MS if seconds is None else min(now_ms + int(seconds * 1000), FOREVER_MS)
        return Stored(str(id), outcome, self.tokens.make(id.bytes, content_set.id_bytes, expires_ms), iso(expires_ms))

    async def _flush_writes(self, items: list[tuple[Any, ...]]) -> Sequence[feelbacks.Exceptional | None]:
        # Of one visitor's signals for one content that arrive together the last counts, and stands for all.
        last = {item[FOLD_KEY] or at: at for at, item in enumerate(items)}
        if len(last) == len(items):
            return await self._write(items)
        written = await self._write([items[at] for at in last.values()])
        results = dict(zip(last, written, strict=True))
        return [
            results[item[FOLD_KEY] or at]
            or (
                None
                if last[item[FOLD_KEY] or at] == at
                else feelbacks.Exceptional(0, items[last[item[FOLD_KEY]]][ID], "folded")
            )
            for at, item in enumerate(items)
        ]

    async def _write(self, items: list[tuple[Any, ...]]) -> Sequence[Any]:
        settings = self.settings
        results: list[Any] = [None] * len(items)
        try:
            for row in await feelbacks.ingest_feelbacks(
                self._held[0],
                items,
                settings.limit_contents_per_set,
                settings.limit_visitors_per_address if settings.limits else None,
            ):
                results[row.n - 1] = row
        except (db.RowError, ValueError):
            # One that the database will not take must not take the others along: each by itself.
            if len(items) == 1:
                raise
            for at, item in enumerate(items):
                try:
                    results[at] = (await self._write([item]))[0]
                except Exception as error:
                    log.error("The database refused a signal: %s", type(error).__name__)
                    results[at] = error
        return results

    # Reading

    async def tallies(self, sender: Sender, content_set: ContentSet, keys: list[str]) -> list[tallies.Tallies]:
        """The tallies of each key, all that were acknowledged before included.

        Raises:
            FeelbackError: 404 where the set is gone, 429, 503.
        """
        key = sender.api_key
        if self.settings.limits and (key is None or key.project_id != content_set.project_id):
            self._reads.take(sender.address, len(keys))
        found: list[tallies.Tallies] = await self.reads.submit((content_set.account_id, content_set.id, keys))
        if any(row.counts is None for row in found):
            raise unknown_set()
        return found

    async def _flush_reads(self, items: list[tuple[Any, Any, list[str]]]) -> Sequence[list[Any]]:
        # Each key of a set is looked up once, however many ask for it.
        wanted: dict[tuple[Any, Any], dict[str, None]] = {}
        for account_id, set_id, named in items:
            wanted.setdefault((account_id, set_id), {}).update(dict.fromkeys(named))
        account_ids = [account_id for (account_id, _), named in wanted.items() for _ in named]
        set_ids = [set_id for (_, set_id), named in wanted.items() for _ in named]
        every = [key for named in wanted.values() for key in named]
        rows = iter(await tallies.tallies(self._held[1], account_ids, set_ids, every))
        found = {of: dict(zip(named, rows, strict=False)) for of, named in wanted.items()}
        return [[found[account_id, set_id][key] for key in named] for account_id, set_id, named in items]


def as_uuid(text: object, what: str) -> db.UUID:
    """The UUID that a text spells.

    Raises:
        FeelbackError: 404: an id that is none names nothing.
    """
    try:
        if type(text) is not str or len(text) > 40:
            raise ValueError
        return db.UUID(text)
    except ValueError:
        raise FeelbackError(404, f"There is no such {what}. Check its id.") from None


_random = b""
_random_at = 0


def uuid_v7(now_ms: int) -> bytes:
    """A UUIDv7 (RFC 9562, 5.7) of that time in milliseconds since 1970, as 16 bytes."""
    global _random, _random_at
    if _random_at >= len(_random):
        _random, _random_at = os.urandom(10_000), 0  # one system call for a thousand
    at = _random_at
    _random_at = at + 10
    rest = int.from_bytes(_random[at : at + 10], "big") & _RANDOM | _VERSION
    return (now_ms << 80 | rest).to_bytes(16, "big")


_VERSION = 0x7 << 76 | 0x2 << 62
_RANDOM = (1 << 80) - 1 ^ 0xF << 76 ^ 0x3 << 62
