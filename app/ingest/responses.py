"""The heart of ingestion: what a signal goes through, whichever protocol it came by."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.config import Settings
from app.database import db
from app.database.ids import as_uuid, uuid_v7
from app.errors import FeelbackError
from app.http.client_address import Addresses
from app.ingest import values
from app.ingest.limits import Buckets
from app.ingest.lookups import LookUps
from app.ingest.queues import Queues
from app.ingest.refusals import Rejections
from app.ingest.request import Sender
from app.ingest.tokens import FOREVER_MS, Tokens, iso
from app.ingest.visitors import Salts, Visitors
from app.ingest.widgets import ContentSet, stopped, unknown_set
from app.queries import ingestion, refusals, tallies, visitors
from app.text import refusal_reasons


@dataclass(slots=True)
class Stored:
    """An acknowledged signal: its id, its outcome (counted, test, folded, edited or ignored), and its token."""

    id: str
    outcome: str
    token: str | None = None
    expire_at: str | None = None


class Ingest:
    """The state of one web worker's ingestion; made and closed inside its loop."""

    def __init__(self, settings: Settings, dsn: str, pool: db.Pool, openapi: bytes) -> None:
        self.settings, self.openapi = settings, openapi
        self.addresses = Addresses(settings, on_fly="FLY_APP_NAME" in os.environ)
        self.rejections = Rejections(lambda rows: refusals.add_rejections(pool, rows))
        self.queues = Queues(settings, dsn)
        self._tokens = Tokens(settings.secret_key)
        self.look_ups = LookUps(settings, pool, self._tokens)
        self._salts = Salts(lambda day, fresh: visitors.visitor_salt(pool, day, fresh))
        self._visitors = Visitors(settings, self._salts)
        self._buckets = (
            Buckets("address", settings.limit_address_per_second, settings.limit_address_burst),
            Buckets("project", settings.limit_project_per_second, settings.limit_project_burst),
            Buckets("content", settings.limit_content_per_second, settings.limit_content_burst),
        )
        self._reads = Buckets("address", settings.limit_address_per_second * 10, settings.limit_address_burst * 10)

    async def close(self) -> None:
        """Answers all that waits, then lets go of the database."""
        await self.queues.close()
        await self.rejections.flush()

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
            FeelbackError: 402, 403, 422, 429 or 503, saying why it was not stored.
        """
        self.admit(sender, content_set, key)
        if content_set.is_archived:
            raise self.refused(sender, content_set, "archived", archived())
        if content_set.is_stopped:
            raise self.refused(sender, content_set, "quota", stopped())
        now_ms = time.time_ns() // 1_000_000
        if now_ms >= self._salts.ends_ms:
            await self._salts.renew()
        if now_ms >= content_set.day_ends_ms:
            content_set = await self.look_ups.renewed(content_set)
        try:
            judged = values.judge(content_set, value, self.settings)
            kept_context = None if context is None else values.judge_context(context, self.settings)
            who = self._visitors.visitor(
                content_set.project_bytes,
                (b"test" if content_set.test_mode else b"") + content_set.id_bytes + key.encode(),
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
        signal = (
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
        refused = await (self._test(id, signal) if content_set.test_mode else self.queues.writes.submit(signal))
        outcome = "counted"
        if refused is not None:
            outcome = refused.outcome
            if outcome not in ("folded", "test"):
                reason = refusal_reasons.BY_NAME[outcome]
                # At midnight the salt changes, and with it what an address is known by.
                seconds = (self._salts.ends_ms - now_ms) // 1000 + 1
                headers = {"retry-after": str(seconds)} if reason.status == 429 else None
                refusal = FeelbackError(reason.status, reason.answer_text or "", headers=headers)
                raise self.refused(sender, content_set, outcome, refusal)
            id = refused.feelback_id
        return self._stored(id, content_set, outcome, now_ms, revokable)

    def _test(self, id: db.UUID, signal: tuple[Any, ...]) -> Any:
        # Marked and not counted, by a way of its own: those that count pay nothing for it.
        limit = self.settings.limit_contents_per_set
        return self.queues.change(id, lambda held: ingestion.ingest_test_feelback(held, signal, limit))

    async def edit(self, sender: Sender, feelback_id: object, token: object, value: Any) -> Stored:
        """Gives a signal a new value and a fresh token; its context stays.

        Raises:
            FeelbackError: 403 for a token that does not hold (any more), 404 for a signal that is gone, 422.
        """
        id = as_uuid(feelback_id, "feelback")
        content_set = await self.look_ups.set_of(feelback_id, token)
        self.admit(sender, content_set, str(id))
        if content_set.is_archived:
            raise self.refused(sender, content_set, "archived", archived())
        try:
            judged = values.judge(content_set, value, self.settings)
        except FeelbackError as error:
            raise self.refused(sender, content_set, "value", error) from None
        now_ms = time.time_ns() // 1_000_000
        now = datetime.fromtimestamp(now_ms / 1000, UTC)
        found = await self.queues.change(
            id,
            lambda held: ingestion.edit_feelback(
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
        content_set = await self.look_ups.set_of(feelback_id, token)
        self.admit(sender, content_set, str(id))
        await self.queues.change(id, lambda held: ingestion.remove_feelback(held, content_set.account_id, id))

    def _stored(self, id: db.UUID, content_set: ContentSet, outcome: str, now_ms: int, revokable: bool) -> Stored:
        seconds = content_set.edit_seconds
        if not revokable or seconds == 0:
            return Stored(str(id), outcome)
        expires_ms = FOREVER_MS if seconds is None else min(now_ms + int(seconds * 1000), FOREVER_MS)
        return Stored(str(id), outcome, self._tokens.make(id.bytes, content_set.id_bytes, expires_ms), iso(expires_ms))

    async def tallies(self, sender: Sender, content_set: ContentSet, keys: list[str]) -> list[tallies.Tallies]:
        """The tallies of each key, all that were acknowledged before included.

        Raises:
            FeelbackError: 404 where the set is gone, 429, 503.
        """
        key = sender.api_key
        if self.settings.limits and (key is None or key.project_id != content_set.project_id):
            self._reads.take(sender.address, len(keys))
        found: list[tallies.Tallies] = await self.queues.reads.submit((content_set.account_id, content_set.id, keys))
        if any(row.counts is None for row in found):
            raise unknown_set()
        return found


def archived() -> FeelbackError:
    """The error for a signal to a project or content set that is archived."""
    return FeelbackError(403, "This project or content set is archived and takes no signals. Restore it in the panel.")
