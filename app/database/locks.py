"""DDL in a database in use: it waits only briefly for each lock, and is tried again.

Whoever wants a lock that conflicts with a reader's makes all writers wait behind it. So nothing here waits for longer
than LOCK_TIMEOUT, and after each attempt those who waited get their turn.
"""

import logging
import time
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import psycopg

from app.errors import ConfigError

T = TypeVar("T")
log = logging.getLogger(__name__)
LOCK_TIMEOUT = "300ms"
PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 240.0  # less than Fly gives a release command

HOLDERS = """
    select format('process %s of %s, in a transaction since %s', pid, coalesce(usename, '?'),
        to_char(xact_start at time zone 'UTC', 'HH24:MI:SS "UTC"'))
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start < now() - interval '10 seconds'
    order by xact_start limit 3
"""


def retried(dsn: str, name: str, step: Callable[[], T]) -> T:
    """The result of `step`, which runs DDL under LOCK_TIMEOUT, tried again while another session holds a lock.

    Raises:
        ConfigError: the lock could not be had for PATIENCE_SECONDS; names the longest transactions.
    """
    end, is_first = time.monotonic() + PATIENCE_SECONDS, True
    while True:
        try:
            return step()
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
            if time.monotonic() + PAUSE_SECONDS > end:
                raise ConfigError(
                    f"{name}: another session kept a lock for {PATIENCE_SECONDS:.0f} s{_holders(dsn)}. "
                    "End it, then run `feelback migrate` again; what is done already stays."
                ) from error
            if is_first:
                log.info("%s waits for a lock that another session holds", name)
            is_first = False
        time.sleep(PAUSE_SECONDS)


def _holders(dsn: str) -> str:
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        holders = [row[0] for row in connection.execute(HOLDERS.encode())]
    return f" ({'; '.join(holders)})" if holders else ""
