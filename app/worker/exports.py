"""Exports: claims one and writes it part by part, with the rights of the person who requested it.

Each part is stored in the database when it is written. Another worker, on any machine, continues after the last part.
"""

import asyncio
import contextlib
import logging
import uuid
import zlib

from app import errors
from app.database import db, roles
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.queries import exports as queries
from app.queries.export_slices import slices
from app.queries.exports import ClaimedExport
from app.worker.loop import Resources

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5  # without a part between them
INTERRUPTED: tuple[type[BaseException], ...] = (asyncio.CancelledError, *db.UNAVAILABLE)
REFUSED = "You no longer have access to this project."
FAILED = "The export failed because of an error on our side. Start it again."


class Exports:
    """Writes exports. A cancelled one is released to other workers at once."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool = resources.settings, resources.pool
        self._reader_dsn = roles.role_url(resources.settings, resources.dsn, roles.APP)
        self._reader: db.Pool | None = None
        self._claim = uuid.uuid4()

    async def claim(self) -> ClaimedExport | None:
        """Claim the export that has waited longest, for a minute."""
        if self._reader is None:
            self._reader = await db.connect(self._reader_dsn, max_size=1)
        return await queries.claim_export(self._pool, self._claim)

    async def do(self, export: ClaimedExport) -> str:
        """Write the export. The outcome is `ready`, `failed`, or `lost` to another worker or by deletion."""
        error = None
        try:
            if export.attempts > MOST_ATTEMPTS:
                raise FeelbackError(500, FAILED)
            if not await self._write(export):
                log.info("Export %s was claimed by another worker, or deleted", export.id)
                return "lost"
        except FeelbackError as refusal:
            error = REFUSED if refusal.status in (403, 404) else FAILED
        except INTERRUPTED:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(2):
                    await queries.release_export(self._pool, export, self._claim)
            raise
        except Exception as fault:
            log.error("Export %s: %s", export.id, errors.trace(fault))
            error = FAILED
        await queries.finish_export(self._pool, export, self._claim, self._settings.base_url, error)
        outcome = "failed" if error else "ready"
        log.info("Export %s (%s as %s): %s", export.id, export.kind, export.format, outcome)
        return outcome

    async def rest(self) -> None:
        """Do nothing: the reader is a single connection."""

    async def close(self) -> None:
        """Close the reader."""
        if self._reader is not None:
            self._reader.terminate()

    async def _write(self, export: ClaimedExport) -> bool:
        """Write the missing parts; False if another worker claimed the export, or it was deleted."""
        # Row-level security applies: a person who left the account since gets nothing.
        assert self._reader is not None
        tenant = TenantPool(self._reader, export.account_id, export.person_id)
        number = export.parts
        async for slice in slices(tenant, export.query, export.through_id):
            number += 1
            body = await asyncio.to_thread(zlib.compress, slice.body, 6)
            if not await queries.add_export_part(
                self._pool, export, self._claim, number, body, slice.rows, len(slice.body), slice.through
            ):
                return False
        return True
