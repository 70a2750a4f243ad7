"""The worker's part of exports: takes one that waits, writes it as the person who asked for it, part by part.

Parts are kept in the database as they are written, so that whoever goes on with an export, on whichever machine, after
whatever end of this one, goes on after the last of them.
"""

import asyncio
import contextlib
import logging
import uuid
import zlib
from collections.abc import AsyncIterator

from app import errors
from app.config import Settings
from app.database import db, roles
from app.database.listener import Listener
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.queries import exports as queries
from app.queries.export_slices import slices
from app.queries.exports import Claimed

log = logging.getLogger(__name__)
LOOK_SECONDS = 30  # without being woken: for what a worker left that was killed
LONGEST_PAUSE = 60
MOST_ATTEMPTS = 5  # without a part between them
LOST: tuple[type[BaseException], ...] = (asyncio.CancelledError, *db.UNAVAILABLE)
REFUSED = "You may not see this project any more."
FAILED = "Something went wrong here. It has been noted; ask for the export again."


@contextlib.asynccontextmanager
async def alongside(settings: Settings, dsn: str, *, once: bool = False) -> AsyncIterator[None]:
    """Work beside something else, as long as that runs; with `once` only until nothing waits, before it begins."""
    if once:
        await run(settings, dsn, once=True)
        yield
        return
    task = asyncio.create_task(run(settings, dsn))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def run(settings: Settings, dsn: str, *, once: bool = False) -> None:
    """Work until cancelled, or with `once` until nothing waits; a database that is away is waited for."""
    bell, claim, pause = Listener(dsn, ["export"]), uuid.uuid4(), 1
    pools: list[db.Pool] = []
    try:
        while True:
            try:
                if not pools:
                    pools.append(await db.connect(dsn, max_size=1))
                    pools.append(await db.connect(roles.url(dsn, roles.APP, settings.secret_key), max_size=1))
                while held := await queries.claim_export(pools[0], claim):
                    await _written(pools[0], pools[1], held, claim, settings)
                pause = 1
                if once:
                    return
                await bell.wait(LOOK_SECONDS)
            except Exception as error:
                if once:
                    raise
                log.warning("Exports: %s; next try in %d s", errors.trace(error), pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
    finally:
        await bell.close()
        for pool in pools:
            pool.terminate()


async def _written(jobs: db.Pool, app: db.Pool, held: Claimed, claim: uuid.UUID, settings: Settings) -> None:
    # What is read is read as the person, through the wall: who has left the account meanwhile gets nothing.
    tenant = TenantPool(app, held.account_id, held.person_id)
    error, no = None, held.parts
    try:
        if held.attempts > MOST_ATTEMPTS:
            raise FeelbackError(500, FAILED)
        async for slice in slices(tenant, held.wanted, held.through_id):
            no += 1
            body = await asyncio.to_thread(zlib.compress, slice.body, 6)
            if not await queries.add_export_part(
                jobs, held, claim, no, body, slice.rows, len(slice.body), slice.through
            ):
                log.info("Export %s is in other hands, or was removed", held.id)
                return
    except FeelbackError as refused:
        error = REFUSED if refused.status in (403, 404) else FAILED
    except LOST:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(queries.leave_export(jobs, held, claim), 2)
        raise
    except Exception as fault:
        log.error("Export %s: %s", held.id, errors.trace(fault))
        error = FAILED
    await queries.finish_export(jobs, held, claim, settings.base_url, error)
    log.info("Export %s (%s as %s): %s", held.id, held.kind, held.format, "failed" if error else f"{no} parts")
