"""The partitions of a table in use get an index of it one by one."""

import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from app.database import migrate, partition_indexes
from app.database.migrations import FOLDER
from tests.support.settings import SECRET

MIGRATION = (FOLDER / "0294.message_bigrams.sql").read_text()
STATE = """
    select count(*) filter (where c.relkind = 'I' and i.indisvalid),
        count(*) filter (where c.relkind = 'i' and i.indisvalid),
        count(*) filter (where not i.indisvalid)
    from pg_index as i join pg_class as c on c.oid = i.indexrelid
    where c.relname ~ 'bigrams|_expr_idx1$' or c.oid = 'response_bigrams_idx'::regclass
"""
ROW = """
    insert into response (account_id, id, widget_id, placement_id, option_no, created_at, body)
    values (gen_random_uuid(), fn.uuid_v7(), gen_random_uuid(), gen_random_uuid(), 1, now(), 'A message')
"""


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        yield connection


def state(connection: psycopg.Connection) -> tuple[int, int, int]:
    """Whether the table's index is valid, how many partitions have it, and how many indexes are invalid."""
    row = connection.execute(STATE).fetchone()
    assert row
    return row


def partitions(connection: psycopg.Connection) -> int:
    row = connection.execute("select count(*) from pg_inherits where inhparent = 'response'::regclass").fetchone()
    assert row
    return row[0]


def downgrade(connection: psycopg.Connection) -> None:
    """A table of the version before, with the index as the migration leaves it."""
    connection.execute("drop index response_bigrams_idx")
    connection.execute(MIGRATION.encode())


def test_new_partitions_have_it(connection: psycopg.Connection) -> None:
    assert state(connection) == (1, partitions(connection), 0)


def test_partitions_of_the_version_before_get_it(database: str, connection: psycopg.Connection) -> None:
    connection.execute(ROW)
    downgrade(connection)
    assert state(connection)[:2] == (0, 0)
    migrate.apply(database, secret=SECRET)
    assert state(connection) == (1, partitions(connection), 0)
    age = connection.execute("select max(xmin::text::bigint) from pg_index").fetchone()
    migrate.apply(database, secret=SECRET)
    assert connection.execute("select max(xmin::text::bigint) from pg_index").fetchone() == age


def test_it_goes_on_after_it_was_cut_off(database: str, connection: psycopg.Connection) -> None:
    downgrade(connection)
    names = [row[1] for row in connection.execute(partition_indexes.MISSING)]
    connection.execute(f'create index "{names[0]}" on response_{names[0][9:16]} (id)'.encode())
    connection.execute("update pg_index set indisvalid = false where indexrelid = %s::regclass", [names[0]])
    partition_indexes.create_missing(database, connection)
    assert state(connection) == (1, partitions(connection), 0)


def test_partitions_created_meanwhile_have_it(database: str, connection: psycopg.Connection) -> None:
    downgrade(connection)
    connection.execute("select fn.create_partitions(now(), 15)")
    assert state(connection)[:2] == (0, 2)
    partition_indexes.create_missing(database, connection)
    assert state(connection) == (1, partitions(connection), 0)


def test_responses_are_stored_meanwhile(database: str, connection: psycopg.Connection) -> None:
    downgrade(connection)
    with psycopg.connect(database) as writer:
        writer.execute(ROW)
        thread = threading.Thread(target=partition_indexes.create_missing, args=(database, connection))
        thread.start()
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("set lock_timeout = '2s'")
            for _ in range(20):
                other.execute(ROW)
        writer.commit()
        thread.join()
    assert state(connection) == (1, partitions(connection), 0)
    row = connection.execute("select count(*) from response").fetchone()
    assert row == (21,)
