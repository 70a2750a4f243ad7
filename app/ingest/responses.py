"""Ingestion of a response, whichever protocol it came by: admission, validation, storing."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from app.config import Settings
from app.database import db
from app.database.ids import as_uuid, uuid_v7
from app.errors import FeelbackError
from app.ingest import growth, languages, passages, values
from app.ingest.admission import Admission, archived, wrong_page
from app.ingest.aliases import MOVED, Aliases
from app.ingest.lookups import Lookups
from app.ingest.notices import Notices
from app.ingest.queues import Queues
from app.ingest.refusals import Refusals
from app.ingest.request import Sender
from app.ingest.seen_counts import SeenCounts
from app.ingest.shares import Shares
from app.ingest.stored import Stored
from app.ingest.titles import Titles
from app.ingest.tokens import FOREVER_MS, Tokens, iso
from app.ingest.visitors import Salts, Visitor, Visitors
from app.ingest.widgets import Widget, stopped, unknown_widget
from app.queries import follow_ups, ingestion, placements, refusals, seen_counts, tallies, visitors
from app.queries.seen_counts import SeenTally
from app.text import refusal_reasons


class Ingest:
    """The state of one web process's ingestion. Create and close it inside the event loop."""

    def __init__(self, settings: Settings, dsn: str, pool: db.Pool, openapi: bytes, is_distributed: bool) -> None:
        self.settings, self.openapi, self._pool = settings, openapi, pool
        self.loop = asyncio.get_running_loop()
        self.refusals = Refusals(lambda rows: refusals.add_refusals(pool, rows), by_account=is_distributed)
        self.seen_counts = SeenCounts(lambda rows: seen_counts.add_seen_counts(pool, rows), by_account=is_distributed)
        self._titles = Titles(lambda rows: placements.name_pages(pool, rows), by_account=is_distributed)
        self._notices = Notices(lambda ids, counts: ingestion.notify_responses(pool, ids, counts))
        self.queues = Queues(settings, dsn, is_distributed=is_distributed)
        self._tokens = Tokens(*settings.secret_keys)
        self.lookups = Lookups(settings, pool, self._tokens)
        self.admission = Admission(settings, self.lookups, self.refusals)
        self.shares = Shares(pool, self.admission.shared, settings.web_concurrency)
        self._salts = Salts(lambda day, fresh: visitors.day_salt(pool, day, fresh), settings.secret_keys)
        self._visitors = Visitors(settings, self._salts)
        self._aliases = Aliases(settings, pool, self.queues)

    async def close(self) -> None:
        """Finish what waits, then close the connections."""
        await self.queues.close()
        for waiting in (self._titles, self._notices, self.seen_counts, self.refusals):
            await waiting.flush()
        await self.shares.leave()

    async def create(
        self, sender: Sender, widget: Widget, key: str, value: Any, context: Any = None, visitor: object = None,
        revokable: bool = False, title: object = None, passage: Any = None,
    ) -> Stored:  # fmt: skip
        """Store and count a response; returns after the commit.

        Raises:
            FeelbackError: 402, 403, 422, 429 or 503, with the reason why it was not stored.
        """
        self.admission.admit(sender, widget, key)
        if sender.api_key is None and not widget.takes_page(key):
            raise self.admission.refused(sender, widget, "page", wrong_page())
        if widget.is_archived:
            raise self.admission.refused(sender, widget, "archived", archived())
        if widget.is_stopped:
            raise self.admission.refused(sender, widget, "quota", stopped())
        now_ms = time.time_ns() // 1_000_000
        if not self._salts.starts_ms <= now_ms < self._salts.ends_ms:
            await self._salts.renew()
        if not widget.day_starts_ms <= now_ms < widget.day_ends_ms:
            widget = await self.lookups.renewed(widget)
        try:
            valid = values.validate(widget, value, self.settings)
            language = None if valid.body is valid.fields is None else sender.language  # of texts, not of votes
            context_json = languages.with_language(values.validate_context(context, self.settings), language)
            content = valid.dedup_content(widget.type)
            passage_json = None if passage is None else passages.validate(widget, passage)
            if passage_json is not None:
                content = b"%b:%b" % (content or b"", passage_json.encode())

            address = None if sender.api_key else sender.address
            sends = (widget, visitor, address, sender.user_agent, content, now_ms)
            who = self._visitor_at(key, *sends)
            if title is not None:
                self._titles.add(widget.account_id, widget.project_id, key, title)
        except FeelbackError as error:
            raise self.admission.refused(sender, widget, "value", error) from None
        id = self._visitors.response_id(uuid_v7(now_ms), who, sender)
        if sender.is_bot:
            return Stored(str(id), "ignored")
        response = (
            widget.account_id,
            widget.id,
            key,
            id,
            now_ms,
            widget.day,
            *valid,
            context_json,
            *who,
            self._visitors.network(widget.project_bytes, address),
        )
        has_aliases = self._aliases.are_known
        refused = None if has_aliases else await self.queues.store(response, passage_json, is_test=widget.test_mode)
        if has_aliases or (refused is not None and refused.outcome == MOVED):
            refused = await self._aliases.store(
                widget, key, response,
                lambda: self.queues.store(response, passage_json, is_test=widget.test_mode),
                lambda page: self._visitor_at(page, *sends).dedup_key,
                passage_json,
            )  # fmt: skip
        outcome = "counted"
        if refused is not None:
            outcome = refused.outcome
            if outcome not in ("duplicate", "test"):
                raise self._refused(sender, widget, outcome, now_ms)
            id = db.UUID(refused.response_id.bytes)
            # Retention may have deleted the response of a visit: then its id is zero.
            if not id.int or not self._is_sender(
                id, who, sender,
                self._aliases.dedup_keys(widget, key, lambda page: self._visitor_at(page, *sends).dedup_key),
            ):  # fmt: skip
                return Stored(None, outcome)
        if outcome != "duplicate":
            self._notices.add(widget.project_id)
        return self._stored(id, widget, outcome, now_ms, revokable, valid.option_no)

    def _visitor_at(
        self, page: str, widget: Widget, visitor: object, address: bytes | None, user_agent: bytes,
        content: bytes | None, now_ms: int,
    ) -> Visitor:  # fmt: skip
        placement = widget.id_bytes + page.encode()
        return self._visitors.visitor(
            widget.project_bytes, b"test" + placement if widget.test_mode else placement, widget.visitor_policy,
            visitor, address, user_agent, content, now_ms,
        )  # fmt: skip

    def _is_sender(self, id: db.UUID, who: Visitor, sender: Sender, dedup_keys: list[bytes | None]) -> bool:
        # At another address of the page, the visitor's key was another one.
        return any(
            id == self._visitors.response_id(id.bytes, who._replace(dedup_key=key), sender)
            for key in (who.dedup_key, *dedup_keys)
        )

    def _refused(self, sender: Sender, widget: Widget, outcome: str, now_ms: int) -> FeelbackError:
        reason = refusal_reasons.BY_NAME[outcome]
        # At midnight the salt changes, and with it what an address is known by.
        seconds = (self._salts.ends_ms - now_ms) // 1000 + 1
        headers = {"retry-after": str(seconds)} if reason.status == 429 else None
        error = FeelbackError(reason.status, reason.answer_text or "", headers=headers)
        return self.admission.refused(sender, widget, outcome, error)

    async def _renew_salt(self, now_ms: int) -> None:
        if not self._salts.starts_ms <= now_ms < self._salts.ends_ms:
            await self._salts.renew()

    async def edit(self, sender: Sender, response_id: object, token: object, body: dict[str, Any]) -> Stored:
        """Change the parts of a response that `body` names, and its token; see growth.growth.

        Raises:
            FeelbackError: 403 for an invalid or expired token, 404 for a deleted response, 422, 429.
        """
        return await self.grow(sender, await self.lookups.widget_of(response_id, token), response_id, body)

    async def grow(self, sender: Sender, widget: Widget, response_id: object, body: dict[str, Any]) -> Stored:
        """The same, of a response to `widget` that is known to be the sender's.

        Raises:
            FeelbackError: 404 for a deleted response, 422, 429.
        """
        id = as_uuid(response_id, "response")
        self.admission.admit(sender, widget, str(id))
        if widget.is_archived:
            raise self.admission.refused(sender, widget, "archived", archived())
        now_ms = time.time_ns() // 1_000_000
        now = datetime.fromtimestamp(now_ms / 1000, UTC)
        await self._renew_salt(now_ms)
        network = self._visitors.network(widget.project_bytes, None if sender.api_key else sender.address)
        try:
            parts = growth.growth(widget, body, self.settings)
            is_updated = await self.queues.change(
                id,
                lambda db: ingestion.grow_response(db, widget.account_id, id, parts, network, now, sender.language),
            )
        except FeelbackError as error:
            if error.status == 429:
                raise self._refused(sender, widget, "network_messages", now_ms) from None
            if error.status != 422:
                raise
            raise self.admission.refused(sender, widget, "value", error) from None
        if not is_updated:
            raise FeelbackError(404, "This response was deleted.")
        return self._stored(id, widget, "edited", now_ms, True, parts.option_no)

    async def remove(self, sender: Sender, response_id: object, token: object) -> None:
        """Delete a response; deleting it again does nothing.

        Raises:
            FeelbackError: 403 for an invalid or expired token.
        """
        id = as_uuid(response_id, "response")
        widget = await self.lookups.widget_of(response_id, token)
        self.admission.admit(sender, widget, str(id))
        await self._renew_salt(time.time_ns() // 1_000_000)
        address = None if sender.api_key else self._visitors.address(widget.project_bytes, sender.address)
        await self.queues.change(
            id, lambda connection: ingestion.delete_response(connection, widget.account_id, id, address)
        )

    def _stored(
        self, id: db.UUID, widget: Widget, outcome: str, now_ms: int, revokable: bool, option_no: int | None
    ) -> Stored:
        seconds = widget.edit_seconds
        if not revokable or seconds == 0:
            return Stored(str(id), outcome)
        expires_ms = FOREVER_MS if seconds is None else min(now_ms + int(seconds * 1000), FOREVER_MS)
        token = self._tokens.make(id.bytes, widget.id_bytes, expires_ms)
        return Stored(str(id), outcome, token, iso(expires_ms), widget.follow_ups.get(option_no or 0))

    async def tallies(self, sender: Sender, widget: Widget, keys: list[str]) -> list[tallies.Tallies]:
        """The tallies of each page key, including every response acknowledged before.

        Raises:
            FeelbackError: 404 for a deleted widget, 429, 503.
        """
        self.admission.take_reads(sender, widget, len(keys))
        rows: list[tallies.Tallies] = await self.queues.reads.submit((widget.account_id, widget.id, keys))
        if rows[0].counts is None:
            raise unknown_widget()
        return rows

    async def reasons(self, account_ids: list[Any], widget_ids: list[Any], keys: list[str]) -> list[dict[str, Any]]:
        """Mentions of each reason of widgets on pages, by option and reason, in the order of the pages."""
        return await follow_ups.reason_tallies(self._pool, account_ids, widget_ids, keys)

    async def seen_tallies(self, account_ids: list[Any], widget_ids: list[Any], keys: list[str]) -> list[SeenTally]:
        """How often widgets were seen on pages, with the same arguments and in the same order."""
        return await seen_counts.seen_tallies(self._pool, account_ids, widget_ids, keys)
