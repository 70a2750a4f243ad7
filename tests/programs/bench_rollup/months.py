"""A month of responses goes: as a partition, and row by row.

A disk that is mounted with `discard` gets a TRIM for each block that a DROP frees, and the DROP waits for it: give a
--folder on one that is not.
"""

from functools import partial

import psycopg

from tests.programs.bench_rollup.clock import Cost, cost

PARTITIONS = """
select c.relname from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
where i.inhparent = 'response'::regclass and pg_relation_size(c.oid) > 0
order by c.relname
"""
# All months in one table with the same indexes: what there would be without partitions.
WHOLE = (
    "create table bench.whole (like {} including all)",
    "insert into bench.whole select * from response order by created_at",
    "vacuum (analyze) bench.whole",
)
BOUNDS = "select min(created_at), max(created_at) from {}"


def measure(connection: psycopg.Connection, count: int) -> dict[str, list[Cost]]:
    """Lets the `count` oldest whole months go: each as a partition, and row by row from a table of all."""
    costs: dict[str, list[Cost]] = {"DELETE": [], "VACUUM": [], "DROP": []}
    names = [name for (name,) in connection.execute(PARTITIONS).fetchall()]
    for statement in WHOLE:
        connection.execute(statement.format(names[1]).encode())
    for name in names[1 : count + 1]:
        bounds = connection.execute(BOUNDS.format(name).encode()).fetchone()
        connection.execute("checkpoint")
        for kind, statement, arguments in (
            ("DROP", f"drop table {name}", None),  # first: what the others have left to be written would slow it down
            ("DELETE", "delete from bench.whole where created_at between %s and %s", bounds),
            ("VACUUM", "vacuum bench.whole", None),
        ):
            costs[kind].append(cost(connection, partial(connection.execute, statement.encode(), arguments)))
    return costs


def rows_a_month(connection: psycopg.Connection) -> int:
    """How many rows the oldest whole month has."""
    name = connection.execute(PARTITIONS).fetchall()[1][0]
    row = connection.execute(f"select count(*) from {name}".encode()).fetchone()
    assert row
    return int(row[0])
