"""A month of signals goes: as a partition, and row by row."""

from functools import partial

import psycopg

from tests.bench_rollup.clock import Cost, cost

PARTITIONS = """
select c.relname from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
where i.inhparent = 'feelback'::regclass and pg_relation_size(c.oid) > 0
order by c.relname
"""
# With the same indexes, and nothing but that month in it: the DELETE could not have less to do.
COPY = (
    "create table bench.month (like {} including all)",
    "insert into bench.month select * from {} order by created_at",
    "vacuum (analyze) bench.month",
    "checkpoint",
)


def measure(connection: psycopg.Connection, count: int) -> dict[str, list[Cost]]:
    """Lets the `count` oldest whole months go, each both ways; the tallies stay."""
    found: dict[str, list[Cost]] = {"DELETE": [], "VACUUM": [], "DROP": []}
    names = [name for (name,) in connection.execute(PARTITIONS).fetchall()]
    for name in names[1 : count + 1]:
        for statement in COPY:
            connection.execute(statement.format(name).encode())
        for kind, statement in (
            ("DELETE", "delete from bench.month"),
            ("VACUUM", "vacuum bench.month"),
            ("DROP", f"drop table {name}"),
        ):
            found[kind].append(cost(connection, partial(connection.execute, statement.encode())))
        connection.execute("drop table bench.month")
    return found


def rows_a_month(connection: psycopg.Connection) -> int:
    """How many rows the oldest whole month has."""
    name = connection.execute(PARTITIONS).fetchall()[1][0]
    row = connection.execute(f"select count(*) from {name}".encode()).fetchone()
    assert row
    return int(row[0])
