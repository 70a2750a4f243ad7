"""Distribute the tables of a database over the nodes of a Citus cluster, by account.

Repeatable, and goes on where it was cut off: what is done is read from Citus' catalog, and foreign keys that are
dropped meanwhile are in a table until they are there again.
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg import sql

from app.errors import ConfigError

# Copied to every node, because tenant tables refer to them and are joined with them, or functions on nodes read them.
# They are small.
REFERENCE = ("account", "person", "plan", "plan_price", "billing", "message_roll")
FIRST = "project"  # the others' shards of an account are placed on the node that has its projects
DIRECTORY = "directory"  # on the coordinator only: callers that do not know the account read it
TENANT = """
    select c.relname from pg_class as c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> %s
        and exists (select from pg_attribute as a where a.attrelid = c.oid and a.attname = 'account_id')
    order by c.relname <> %s, c.relname
"""
DISTRIBUTED = "select logicalrelid::regclass::text from pg_dist_partition"
KEYS = """
    create table if not exists public.distribution_key (
        table_name text, name text, definition text, primary key (table_name, name)
    )
"""
SAVE_KEYS = """
    insert into public.distribution_key
    select c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) from pg_constraint as c
    where c.contype = 'f' and c.conparentid = 0 and c.connamespace = 'public'::regnamespace
        and (c.conrelid = any (%(tables)s::text[]::regclass[]) or c.confrelid = any (%(tables)s::text[]::regclass[]))
    returning table_name, name
"""
ENTRIES = """
    insert into public.directory (lookup_key, account_id)
    select uuid_send(w.id), w.account_id from public.widget as w
    union all
    select k.token_hash, k.account_id from public.api_key as k
    on conflict (lookup_key) do nothing
"""
POLICIES = """
    select polrelid::regclass::text, polname from pg_policy
    where polrelid = any (%s::text[]::regclass[]) and polname ~ '^(tenant|wall)_'
"""
NARROW_INDEXES = """
    select i.indrelid::regclass::text, i.indexrelid::regclass::text, o.conname, pg_get_indexdef(i.indexrelid)
    from pg_index as i
    left join pg_constraint as o on o.conindid = i.indexrelid and o.contype = 'u'
    where i.indisunique and i.indrelid = any (%s::text[]::regclass[]) and not exists (
        select from pg_attribute as a
        where a.attrelid = i.indrelid and a.attname = 'account_id' and a.attnum = any (i.indkey)
    )
"""
NODES = "select nodename, nodeport, groupid from pg_dist_node where noderole = 'primary' and isactive order by groupid"
KINDS = """
    select t.citus_table_type, count(*) from citus_tables as t
    join pg_class as c on c.oid = t.table_name where not c.relispartition group by 1 order by 1
"""
PLACES = """
    select a.id, a.name, n.nodename, n.nodeport from public.account as a
    join pg_dist_placement as p on p.shardid = get_shard_id_for_distribution_column(%s::regclass, a.id)
    join pg_dist_node as n on n.groupid = p.groupid and n.noderole = 'primary'
    order by 3, 4, 2, 1
"""
# Keys that Citus has no words for, by name: their functions do what the key does elsewhere. None: rows without it.
ADAPTED = {
    "placement_account_id_page_id_key_fkey": "FOREIGN KEY (account_id, page_id) REFERENCES page(account_id, id)",
    "mail_reply_fkey": None,
}


class Node(NamedTuple):
    """A server of the cluster; the coordinator has the group 0."""

    host: str
    port: int
    group: int


class Place(NamedTuple):
    """Where the rows of an account are."""

    account_id: UUID
    name: str
    host: str
    port: int


def nodes(connection: psycopg.Connection) -> list[Node]:
    """The active nodes, the coordinator first; none where the database has no Citus."""
    if not _has_citus(connection):
        return []
    return [Node(*row) for row in connection.execute(NODES)]


def is_distributed(connection: psycopg.Connection) -> bool:
    """Whether accounts are distributed over nodes, all or in part."""
    return _has_citus(connection) and (FIRST in _distributed(connection) or is_interrupted(connection))


def pending(connection: psycopg.Connection) -> list[str]:
    """The tables that `tables` would copy to every node or distribute, in that order."""
    known = _distributed(connection)
    tenant = [name for (name,) in connection.execute(TENANT, [DIRECTORY, FIRST])]
    return [name for name in (*REFERENCE, *tenant) if name not in known]


def kinds(connection: psycopg.Connection) -> list[tuple[str, int]]:
    """How many tables are distributed, copied to every node (reference) or on the coordinator only (local)."""
    return connection.execute(KINDS).fetchall()


def places(connection: psycopg.Connection) -> list[Place]:
    """The node of each account, by node and name."""
    return [Place(*row) for row in connection.execute(PLACES, [f"public.{FIRST}"])]


def check(connection: psycopg.Connection) -> None:
    """Refuse a database that cannot be distributed.

    Raises:
        ConfigError: it has no Citus, no worker, or the user is no superuser.
    """
    cluster = nodes(connection)
    if not cluster:
        raise ConfigError("DATABASE_URL: the database has no Citus. Run `create extension citus` on every node.")
    if not any(node.group for node in cluster):
        raise ConfigError("DATABASE_URL: the coordinator knows no worker. Add one with `select citus_add_node(…)`.")
    if connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() != (True,):
        raise ConfigError("DATABASE_URL: only a superuser of the coordinator can distribute tables.")


def tables(connection: psycopg.Connection) -> Iterator[str]:
    """Distribute or copy each pending table, by a transaction each; yields a line before each.

    Functions and views that use them must have been dropped. Policies are dropped: then
    nobody but the owner sees a row.
    """
    names = pending(connection)
    if names:
        if FIRST in names:
            connection.execute(ENTRIES)  # of what a version before created
        with connection.transaction():
            connection.execute(KEYS)
            for table, name in connection.execute(SAVE_KEYS, {"tables": names}).fetchall():
                statement = sql.SQL("alter table {} drop constraint {}")
                connection.execute(statement.format(sql.Identifier(table), sql.Identifier(name)))
            # Those of an earlier version may be such as Citus refuses; sql/roles.sql creates them anew.
            for table, name in connection.execute(POLICIES, [names]).fetchall():
                statement = sql.SQL("drop policy {} on {}")
                connection.execute(statement.format(sql.Identifier(name), sql.Identifier(table)))
        _widen(connection, names)
    for n, name in enumerate(names, 1):
        if name in REFERENCE:
            call, action = "select create_reference_table(%(name)s)", "copied to every node"
        else:
            call = "select create_distributed_table(%(name)s, 'account_id', colocate_with => %(with)s)"
            action = "distributed by account"
        yield f"{n} of {len(names)}: {name} {action}"
        with connection.transaction():
            connection.execute(call, {"name": f"public.{name}", "with": "none" if name == FIRST else f"public.{FIRST}"})
    yield from _restore_keys(connection)


def _widen(connection: psycopg.Connection, names: list[str]) -> None:
    # What is unique in each shard cannot be seen to be unique in all; these values are random.
    tenant = [name for name in names if name not in REFERENCE]
    for table, index, constraint, definition in connection.execute(NARROW_INDEXES, [tenant]).fetchall():
        head, columns = definition.split(" (", 1)
        if "(" in columns.partition(")")[0]:
            raise ConfigError(f"{index} is unique by an expression: the account cannot be added to it.")
        with connection.transaction():
            if constraint:
                drop = sql.SQL("alter table {} drop constraint {}")
                connection.execute(drop.format(sql.Identifier(table), sql.Identifier(constraint)))
            else:
                connection.execute(sql.SQL("drop index {}").format(sql.Identifier(index)))
            connection.execute(f"{head} ({columns.replace(')', ', account_id)', 1)}".encode())


def _restore_keys(connection: psycopg.Connection) -> Iterator[str]:
    if not is_interrupted(connection):
        return
    for table, name, definition in connection.execute("select * from public.distribution_key order by 1, 2").fetchall():
        definition = adapted(name, definition)
        with connection.transaction():
            if definition:
                yield f"Foreign key {name}"
                statement = sql.SQL("alter table {} add constraint {} {}")
                connection.execute(statement.format(sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)))
            connection.execute("delete from public.distribution_key where table_name = %s and name = %s", [table, name])
    connection.execute("drop table public.distribution_key")


def adapted(name: str, definition: str) -> str | None:
    """The foreign key as Citus takes it; None where it takes none."""
    # The functions that delete a member set these columns to null first.
    return ADAPTED.get(name, definition.partition(" ON DELETE SET NULL (")[0])


def is_interrupted(connection: psycopg.Connection) -> bool:
    """Whether foreign keys are missing because `tables` was cut off."""
    return connection.execute("select to_regclass('public.distribution_key')").fetchone() != (None,)


def _has_citus(connection: psycopg.Connection) -> bool:
    row = connection.execute("select exists (select from pg_extension where extname = 'citus')").fetchone()
    return row == (True,)


def _distributed(connection: psycopg.Connection) -> set[str]:
    return {name.removeprefix("public.") for (name,) in connection.execute(DISTRIBUTED)}
