"""How many rows share one flush of the write-ahead log."""

from dataclasses import dataclass

import psycopg

# A process hands in both counters at once, so their quotient holds although they lag behind by up to a second.
ROWS = "select coalesce(sum(n_tup_ins), 0)::bigint from pg_stat_user_tables where relname ~ '^(response_|bench_)'"


@dataclass(frozen=True)
class Counted:
    """Rows inserted and flushes of the log so far."""

    rows: int
    flushes: int


def source(connection: psycopg.Connection) -> str:
    """Where this server counts its flushes."""
    return "pg_stat_io (wal, fsyncs)" if connection.info.server_version >= 180000 else "pg_stat_wal.wal_sync"


def count(connection: psycopg.Connection) -> Counted:
    """The counters now; the connection must be in autocommit."""
    flushes = "select wal_sync from pg_stat_wal"
    if connection.info.server_version >= 180000:
        flushes = "select sum(fsyncs)::bigint from pg_stat_io where object = 'wal'"
    rows = connection.execute(ROWS).fetchone()
    synced = connection.execute(flushes.encode()).fetchone()
    assert rows
    assert synced
    return Counted(rows[0], synced[0])
