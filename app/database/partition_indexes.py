"""Index the partitions of a table in use, one after the other, while it is written to.

Postgres cannot create an index of a partitioned table concurrently. So a migration creates the index `on only` the
table: new partitions have it from the start, and here those that exist get it.
"""

from functools import partial

import psycopg
from psycopg import sql

from app.database import locks, schemas

MISSING = """
    select i.indexrelid::regclass::text, replace(x.relname, t.relname, c.relname), p.inhrelid::regclass::text,
        substring(pg_get_indexdef(i.indexrelid) from ' USING .*')
    from pg_index as i
    join pg_class as x on x.oid = i.indexrelid
    join pg_class as t on t.oid = i.indrelid
    join pg_inherits as p on p.inhparent = i.indrelid
    join pg_class as c on c.oid = p.inhrelid
    where x.relkind = 'I' and x.relnamespace = 'public'::regnamespace and not i.indisvalid and not exists (
        select from pg_inherits as a join pg_index as b on b.indexrelid = a.inhrelid
        where a.inhparent = i.indexrelid and b.indrelid = p.inhrelid
    )
    order by c.relname desc, x.relname
"""


def create_missing(dsn: str, connection: psycopg.Connection) -> None:
    """Create what partitions lack of the indexes of their table, the newest partition first.

    If it is cut off, the next call goes on.

    Raises:
        ConfigError: a lock could not be had.
    """
    for index, name, partition, definition in connection.execute(MISSING).fetchall():
        child = sql.Identifier("public", name)
        connection.execute("set lock_timeout = 0")  # it waits for transactions, and nobody waits for it
        # It is there, and invalid, if a previous attempt was cut off.
        connection.execute(sql.SQL("drop index concurrently if exists {}").format(child))
        connection.execute(f'create index concurrently "{name}" on {partition}{definition}'.encode())
        connection.execute(sql.SQL("set lock_timeout = {}").format(locks.LOCK_TIMEOUT))
        attach = sql.SQL("alter index {} attach partition {}").format(sql.SQL(index), child)
        schemas.step(dsn, connection, f"Index {name}", partial(connection.execute, attach))
