"""What waits for the database: responses to be written together, counts to be read together, changes one by one."""

import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.config import Settings
from app.database import db
from app.database.retry import RetryingConnection
from app.errors import FeelbackError
from app.ingest.accounts import AccountBatcher
from app.ingest.batch import Batcher
from app.queries import ingestion, tallies
from app.queries.ingestion import Response

log = logging.getLogger(__name__)

LANES = 4
ACCOUNTS = 16  # that are written at a time, and read, where accounts are distributed over nodes
ID, DEDUP_KEY = Response._fields.index("id"), Response._fields.index("dedup_key")


class Queues:
    """One web process's queues and their connections; created and closed inside its event loop."""

    def __init__(self, settings: Settings, dsn: str, *, is_distributed: bool) -> None:
        self._settings, self._is_distributed = settings, is_distributed
        self._connections: list[RetryingConnection] = []
        limit = settings.queue_limit

        def connect(count: int, **more: float) -> list[RetryingConnection]:
            new = [RetryingConnection(dsn, is_pooled=bool(settings.database_pool_url), **more) for _ in range(count)]
            self._connections += new
            return new

        def batcher(flush: Callable[[RetryingConnection, list[Any]], Awaitable[Sequence[Any]]], size: int) -> Batcher:
            if is_distributed:  # a node that is down must not hold the connections
                return AccountBatcher(flush, connect(ACCOUNTS, timeout=5, patience=1), limit=limit, size=size)
            (connection,) = connect(1)
            return Batcher(functools.partial(flush, connection), limit=limit, size=size)

        self.writes = batcher(self._flush_writes, 500)
        self.reads = batcher(self._flush_reads, 100)  # each of up to 200 keys
        self._lanes = [Batcher(self._lane(connection), limit=limit, size=1) for connection in connect(LANES)]

    async def close(self) -> None:
        """Answers all that waits, then lets go of the database."""
        for batcher in (self.writes, self.reads, *self._lanes):
            await batcher.drain()
        for connection in self._connections:
            await connection.close()

    def store(self, response: tuple[Any, ...], passage: str | None, *, is_test: bool) -> Any:
        """The future outcome of a Response, which may be about a passage (JSON): None if it was simply counted."""
        # Those of test mode, and those about a passage, take paths of their own, so that they cost others nothing.
        limit = self._settings.limit_pages_per_widget
        if passage is not None:
            visits = self._settings.limit_visitors_per_address if self._settings.limits else None
            return self.change(
                response[ID],
                lambda connection: ingestion.ingest_passage(
                    connection, response, passage, limit, visits, is_test=is_test
                ),
            )
        if is_test:
            return self.change(
                response[ID], lambda connection: ingestion.ingest_test_response(connection, response, limit)
            )
        return self.writes.submit(response)

    def change(self, id: db.UUID, call: Callable[[RetryingConnection], Awaitable[Any]]) -> Any:
        """The future result of `call`, which changes one response: in the order in which they come for one id."""
        return self._lanes[id.bytes[15] % LANES].submit(call)

    def _lane(self, connection: RetryingConnection) -> Any:
        async def flush(calls: list[Any]) -> list[Any]:
            return [await call(connection) for call in calls]

        return flush

    async def _flush_writes(
        self, connection: RetryingConnection, items: list[tuple[Any, ...]]
    ) -> Sequence[ingestion.Exceptional | None]:
        # Of one visitor's responses for one page that arrive together the last counts, and stands for all.
        last = {item[DEDUP_KEY] or at: at for at, item in enumerate(items)}
        if len(last) == len(items):
            return await self._write(connection, items)
        written = await self._write(connection, [items[at] for at in last.values()])
        results = dict(zip(last, written, strict=True))
        return [
            results[item[DEDUP_KEY] or at]
            or (
                None
                if last[item[DEDUP_KEY] or at] == at
                else ingestion.Exceptional(0, items[last[item[DEDUP_KEY]]][ID], "duplicate")
            )
            for at, item in enumerate(items)
        ]

    async def _write(self, connection: RetryingConnection, items: list[tuple[Any, ...]]) -> Sequence[Any]:
        settings = self._settings
        results: list[Any] = [None] * len(items)
        try:
            for row in await ingestion.ingest_responses(
                connection,
                items,
                settings.limit_pages_per_widget,
                settings.limit_visitors_per_address if settings.limits else None,
                items[0][0] if self._is_distributed else None,
            ):
                results[row.n - 1] = row
        except (db.RowError, ValueError):
            # One that the database will not take must not take the others along: each by itself.
            if len(items) == 1:
                raise
            for at, item in enumerate(items):
                try:
                    results[at] = (await self._write(connection, [item]))[0]
                except FeelbackError as error:  # the database is unavailable, for the others too
                    results[at:] = [error] * (len(items) - at)
                    break
                except Exception as error:
                    log.error("The database refused a response: %s", type(error).__name__)
                    results[at] = error
        return results

    async def _flush_reads(
        self, connection: RetryingConnection, items: list[tuple[Any, Any, list[str]]]
    ) -> Sequence[list[Any]]:
        # Each key of a widget is looked up once, however many ask for it.
        pages_of: dict[tuple[Any, Any], dict[str, None]] = {}
        for account_id, widget_id, named in items:
            pages_of.setdefault((account_id, widget_id), {}).update(dict.fromkeys(named))
        account_ids = [account_id for (account_id, _), named in pages_of.items() for _ in named]
        widget_ids = [widget_id for (_, widget_id), named in pages_of.items() for _ in named]
        every = [key for named in pages_of.values() for key in named]
        rows = iter(await tallies.tallies(connection, account_ids, widget_ids, every))
        by_widget = {of: dict(zip(named, rows, strict=False)) for of, named in pages_of.items()}
        return [list(map(by_widget[item[:2]].__getitem__, item[2])) for item in items]
