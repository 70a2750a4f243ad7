"""Responses on pages with aliases: a visitor counts once, at whichever address of the page they respond.

Pages without aliases cost nothing: the database says of a response that its page has some, and only then, and while
they are cached, does it take this path.
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.config import Settings
from app.database import db
from app.errors import FeelbackError
from app.ingest.queues import Queues
from app.ingest.widgets import Widget
from app.queries import ingestion, merges
from app.queries.ingestion import Exceptional
from app.queries.merges import PageAddresses

MOVED = "moved"  # the outcome for a page whose addresses are others than the caller knows
SECONDS, SIZE, TRIES = 60, 10_000, 5
Submit = Callable[[], Any]
DedupKey = Callable[[str], bytes | None]


class Aliases:
    """One web process's cache of pages with aliases, and the storing of their responses."""

    def __init__(self, settings: Settings, pool: db.Pool, queues: Queues) -> None:
        self._settings, self._pool, self._queues = settings, pool, queues
        self._pages: dict[tuple[UUID, str], tuple[PageAddresses, float]] = {}

    @property
    def are_known(self) -> bool:
        """Whether any page is known here to have aliases. Of others the database says so, by the outcome MOVED."""
        return bool(self._pages)

    def dedup_keys(self, widget: Widget, key: str, dedup_key: DedupKey) -> list[bytes | None]:
        """The visitor's deduplication keys at the other addresses of a page, as far as they are known here."""
        page = self._peek(widget, key)
        return [dedup_key(other) for other in page.keys if other != key] if page else []

    async def store(
        self,
        widget: Widget,
        key: str,
        response: tuple[Any, ...],
        submit: Submit,
        dedup_key: DedupKey,
        passage: str | None = None,
    ) -> Exceptional | None:
        """Store a response by `submit`, or where its page has aliases, for all of its addresses.

        It is about `passage` (JSON), if any. `dedup_key` gives the visitor's deduplication key at an address. Returns
        the outcome, None if it was counted.

        Raises:
            FeelbackError: 503 where pages are merged faster than this can follow.
        """
        for _ in range(TRIES):
            page = self._peek(widget, key)
            if page is None:
                result: Exceptional | None = await submit()
            else:
                keys = [dedup_key(other) for other in page.keys]
                result = await self._submit(widget, response, page, keys, passage)
            if result is None or result.outcome != MOVED:
                return result
            await self._load(widget, key)
        raise FeelbackError(503, "This page is being merged. Send it again.", headers={"retry-after": "1"})

    def _peek(self, widget: Widget, key: str) -> PageAddresses | None:
        entry = self._pages.get((widget.id, key)) if self._pages else None
        return entry[0] if entry and time.monotonic() - entry[1] < SECONDS else None

    async def _load(self, widget: Widget, key: str) -> None:
        page = await merges.page_addresses(self._pool, widget.account_id, widget.id, key)
        self._pages.pop((widget.id, key), None)
        if page is not None:
            if len(self._pages) >= SIZE:
                self._pages.pop(next(iter(self._pages)))
            self._pages[widget.id, key] = (page, time.monotonic())

    async def _submit(
        self,
        widget: Widget,
        response: tuple[Any, ...],
        page: PageAddresses,
        dedup_keys: list[bytes | None],
        passage: str | None,
    ) -> Exceptional | None:
        limit = self._settings.limit_visitors_per_address if self._settings.limits else None
        if passage is not None:
            return await self._queues.change(  # type: ignore[no-any-return]
                response[ingestion.Response._fields.index("id")],
                lambda connection: ingestion.ingest_passage(
                    connection, response, passage, self._settings.limit_pages_per_widget, limit,
                    is_test=widget.test_mode, version=page.alias_version, keys=page.keys, dedup_keys=dedup_keys,
                ),
            )  # fmt: skip
        result: Exceptional | None = await self._queues.change(
            response[ingestion.Response._fields.index("id")],
            lambda connection: ingestion.ingest_merged_response(
                connection, response, page.alias_version, page.keys, dedup_keys, limit, is_test=widget.test_mode
            ),
        )
        return result
