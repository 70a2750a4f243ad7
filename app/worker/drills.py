"""Restore drills: once a week, where BACKUP_URL is set, the newest backup is restored into a scratch database.

The drill is a process of its own, `feelback backup drill`, which records its result: what it needs is gone afterwards,
and it is stopped with the worker.
"""

import asyncio
import contextlib
import logging
import sys

from app.config import child_environ
from app.database import db
from app.queries import backups
from app.worker.loop import Resources

log = logging.getLogger(__name__)
STOP_SECONDS = 5
RESULTS = (0, 1)  # exit codes of a drill that recorded its result
COMMAND = [sys.executable, "-P", "-m", "app", "backup", "drill"]


class Drills:
    """Claims the weekly drill."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool, self._is_known = resources.settings, resources.pool, False

    async def claim(self) -> bool | None:
        """True if a drill is due; None if not, or if backups are not set up here."""
        has_drills = bool(self._settings.backup_url) and self._settings.backup_drill
        if not self._is_known:
            # Also if there are none: a worker machine would be started again and again for what it does not do.
            are_expected = bool(self._settings.backup_url)
            await backups.expect_backups(self._pool, are_expected=are_expected, has_drills=has_drills)
            self._is_known = True
        return (await backups.claim_drill(self._pool) or None) if has_drills else None

    async def do(self, item: bool) -> str:
        """Run the drill. The outcome is `restored` or `failed`."""
        process = await asyncio.create_subprocess_exec(
            *COMMAND, env=child_environ(), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            output, _ = await process.communicate()
        except asyncio.CancelledError:
            await _stop(process)
            raise
        last = " ".join(output.decode(errors="replace").strip().splitlines()[-1:])[:500]
        log.log(logging.ERROR if process.returncode else logging.INFO, "Restore drill: %s", last)
        if process.returncode not in RESULTS:
            with contextlib.suppress(*db.UNAVAILABLE):
                error = last or f"The drill ended with {process.returncode}."
                await backups.record_drill(self._pool, None, None, None, None, error)
        return "failed" if process.returncode else "restored"

    async def rest(self) -> None:
        """Nothing is kept between drills."""

    async def close(self) -> None:
        """Nothing is kept between drills."""


async def _stop(process: asyncio.subprocess.Process) -> None:
    # SIGINT, so that it drops the scratch database. If it does not, the next drill drops it.
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(2)
    # Not asyncio.timeout, which fails in a cancelled task on Python 3.11.2, Debian 12's (CPython's issue 102780).
    ended, _ = await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=STOP_SECONDS)
    if ended:
        return
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
