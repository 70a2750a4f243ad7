"""Who sends: a keyed hash that lets a response be counted once, and no address kept anywhere."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from app.config import Settings
from app.database import db
from app.database.secrets import visitor_key
from app.errors import FeelbackError
from app.http.client_address import network
from app.queries.visitors import DaySalt

if TYPE_CHECKING:
    from app.ingest.request import Sender

# Programs that visit pages without a reader. HTTP libraries are not among them: a site's own server uses them.
_BOTS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|mediapartners|facebookexternalhit|facebookcatalog|embedly|bingpreview|archiver"
    r"|google-(?:read-aloud|inspectiontool|extended|safety)|feedfetcher|chatgpt-user|claude-web|anthropic-ai|perplexity"
    r"|bytespider|ccbot|ahrefs|semrush|lighthouse|pagespeed|gtmetrix|pingdom|uptimerobot|statuscake|site24x7",
    re.IGNORECASE,
)
RETRY_MS = 60_000
DAY_MS = 86_400_000
MOST_NETWORKS = 20_000  # whose hash is remembered


@lru_cache(maxsize=10_000)
def is_bot(user_agent: bytes) -> bool:
    """Whether a known crawler, preview or monitor names itself."""
    return _BOTS.search(user_agent.decode("latin-1")) is not None


class Salts:
    """The keys by which visitors are hashed, shared by all servers through the database.

    `key` is of the current UTC day: its salt, and the visitors' key, without which the salt yields no address;
    `sender_hash` and `address_hash` have it. `visitor_hash`, for tokens of visitors, has the visitors' key, for ever.
    """

    def __init__(self, load: Callable[[date, bytes], Awaitable[DaySalt]], secret_keys: Sequence[str]) -> None:
        self._load, self._secret_keys = load, secret_keys
        self.key = b""
        self.visitor_hash = self.sender_hash = self.address_hash = blake2b()
        self.starts_ms = self.ends_ms = 0
        self._task: asyncio.Task[None] | None = None

    async def renew(self) -> None:
        """Fetches today's salt; it holds from `starts_ms` until `ends_ms`, the midnight (UTC) that destroys it."""
        # One fetch serves all; they continue in the order in which they came, so that the last value wins.
        if self._task is None:
            self._task = asyncio.create_task(self._fetch())
            self._task.add_done_callback(self._ended)
        await asyncio.shield(self._task)

    async def _fetch(self) -> None:
        day = datetime.now(UTC).date()
        row = await self._load(day, secrets.token_bytes(32))
        key = visitor_key(self._secret_keys, row.encrypted_key)
        self.visitor_hash = blake2b(key=key, digest_size=16)
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        # A day that a version without the visitors' key began keeps its hashes, so that nobody counts twice.
        keyed = blake2b(row.salt, key=key, digest_size=32).digest()
        self.key = keyed if row.is_keyed else row.salt
        self.sender_hash = blake2b(key=self.key, digest_size=8, person=b"sender")
        self.address_hash = blake2b(key=self.key, digest_size=16)
        self.starts_ms = int(start.timestamp() * 1000)
        self.ends_ms = self.starts_ms + DAY_MS

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        if not task.cancelled():
            task.exception()  # marks it as retrieved: those who wait get it, but nobody may be waiting


class Visitor(NamedTuple):
    """A sender as it is stored, and nothing that could be undone.

    visitor: by which a person's responses can be found and deleted. dedup_key: by which a repeated response is
    recognised, until dedup_ms (milliseconds since 1970; None is for ever). address: by which a page counts its
    visitors of one address.
    """

    visitor: bytes | None = None
    dedup_key: bytes | None = None
    dedup_ms: int | None = None
    address: bytes | None = None


_NOBODY = Visitor()


class Visitors:
    """Turns what a request shows of its sender into a Visitor."""

    def __init__(self, settings: Settings, salts: Salts) -> None:
        self._caps = settings.limits
        self._salts = salts
        self._networks: dict[bytes, bytes] = {}
        self._networks_key = b""

    def visitor(
        self,
        project: bytes,
        placement: bytes,
        policy: str,
        token: object,
        address: bytes | None,
        user_agent: bytes,
        body: bytes | None,
        now_ms: int,
    ) -> Visitor:
        """The sender of a response to `project` (16 bytes) about `placement` (its widget's id and its page's key).

        `address` is None for a call with an API key, whose address is no visitor's. `body` is what a message or form
        says: the same within a minute is the same response, everything else of these types counts by itself. The salt
        of the day must have been fetched.

        Raises:
            FeelbackError: 422 for an invalid token.
        """
        if token is not None and not (type(token) is str and 8 <= len(token) <= 200):
            raise FeelbackError(422, "visitor must be a text of 8 to 200 characters.")
        here: bytes | None = None
        dedup_ms: int | None = None
        if token is not None and policy != "address":
            # A copy of a keyed hash costs half of what a new one does.
            hashed = self._salts.visitor_hash.copy()
            hashed.update(project + token.encode())
            who = hashed.digest()
            if self._caps and address is not None and policy == "visitor" and body is None:
                here = self.address(project, address)
        elif address is None:
            return _NOBODY
        else:
            dedup_ms = self._salts.ends_ms
            if policy == "address":
                who = self.address(project, address)
            else:
                who = self.address(project, b"%c%b%b" % (len(address), address, user_agent))
            if self._caps and policy == "visitor" and body is None:
                here = self.address(project, address)
        if body is not None:
            return Visitor(who, blake2b(placement + b"\0" + body, key=who, digest_size=16).digest(), now_ms + RETRY_MS)
        if policy == "open":
            return Visitor(who)
        return Visitor(who, blake2b(placement, key=who, digest_size=16).digest(), dedup_ms, here)

    def network(self, project: bytes, address: bytes | None) -> bytes | None:
        """By which a project (16 bytes) knows today's responses of a network, or None where nothing is limited."""
        if address is None or not self._caps:
            return None
        if self._networks_key != self._salts.key or len(self._networks) > MOST_NETWORKS:
            self._networks, self._networks_key = {}, self._salts.key
        sender = project + network(address)
        digest = self._networks.get(sender)
        if digest is None:
            digest = blake2b(sender, key=self._salts.key, digest_size=16, person=b"network").digest()
            self._networks[sender] = digest
        return digest

    def response_id(self, id: bytes, visitor: Visitor, sender: "Sender") -> db.UUID:
        """The id of a response that can be sent again, with random bits replaced by a MAC of its sender.

        Who sends a visitor's token again is thus known as the same browser on the same day, or may be another person,
        who must not edit the response. A server with an API key may.
        """
        if visitor.dedup_key is None or sender.api_key is not None:
            return db.UUID(id)
        text = b"%b%b%c%b%b" % (id[:8], visitor.dedup_key, len(sender.address), sender.address, sender.user_agent)
        hashed = self._salts.sender_hash.copy()
        hashed.update(text)
        mac = hashed.digest()
        return db.UUID(id[:8] + bytes((mac[0] & 0x3F | 0x80,)) + mac[1:])

    def address(self, project: bytes, address: bytes) -> bytes:
        """The hash of an address, by which a page counts its visitors today."""
        hashed = self._salts.address_hash.copy()
        hashed.update(project + address)
        return hashed.digest()
