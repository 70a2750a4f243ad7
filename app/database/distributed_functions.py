"""What functions and views need where the tables that they use are distributed over the nodes of a Citus cluster."""

import re

import psycopg
from psycopg import sql

from app.database import roles
from app.errors import ConfigError

GENERIC = """
    select oid::regprocedure::text from pg_proc
    where pronamespace = %s::regnamespace and 'plan_cache_mode=force_generic_plan' = any (proconfig)
"""
BATCHES = """
    select oid::regprocedure::text, pg_get_functiondef(oid) from pg_proc
    where pronamespace = %s::regnamespace and prosrc ~ '\\m_account_ids\\[|any \\(_account_ids\\)' order by oid
"""
PUSHED = """
    select create_distributed_function(oid::regprocedure, '_account_id', colocate_with => 'public.project')
    from pg_proc where pronamespace = %s::regnamespace and proname = 'ingest_account_responses'
"""
INSIGHTS = """
    select c.relname, pg_get_viewdef(c.oid), pg_get_userbyid(c.relowner),
        string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = to_regnamespace('insights') and c.relkind = 'v'
        and not exists (select 1 from pg_proc as p where p.pronamespace = c.relnamespace and p.proname = c.relname)
    group by c.oid
"""
# Not in one plan with whatever reads the view, because it runs as another role.
BY_OWNER = """
    create function insights.{name}() returns table ({columns}) language sql stable security definer
        set search_path = pg_catalog, pg_temp as {definition};
    revoke all on function insights.{name}() from public;
    alter function insights.{name}() owner to {owner};
    grant execute on function insights.{name}() to {reader};
    create or replace view insights.{name} as select * from insights.{name}()
"""
ACCOUNT = re.compile(r"\b_account_ids\[[^][]*\]|\bany \(_account_ids\)")
HEAD = re.compile(r"^(AS \$\w+\$\n(?:#variable_conflict use_column\n)?)(declare\n)?", re.MULTILINE)
ON_NODES = "select success, result from run_command_on_workers(%s)"


def adapt(connection: psycopg.Connection, schema: str, prefix: str) -> None:
    """Have those of `schema` work on all nodes; `prefix` is that of the roles' names.

    Functions that keep one plan for all accounts plan anew, because Citus picks the node when it plans. Those that take
    a batch of several accounts take that of one, because a statement of several has no node; storing one runs on its
    node as a whole. Rights on views, which Citus does not pass on, are granted on the nodes: functions that a statement
    calls there read them. Views of schema insights, which nodes would read with the reader's rights, read by a function
    of their owner.

    Raises:
        ConfigError: a node refuses.
    """
    for (signature,) in connection.execute(GENERIC, [schema]).fetchall():
        connection.execute(f"alter function {signature} reset plan_cache_mode".encode())
    for _, definition in connection.execute(BATCHES, [schema]).fetchall():
        connection.execute(of_one_account(definition, schema).encode())
    connection.execute(PUSHED, [schema])
    _read_by_owner(connection, prefix)
    owners = sql.SQL(", ").join(sql.Identifier(roles.renamed(role, prefix)) for role in (roles.OWNER, roles.PANEL))
    grant = sql.SQL("grant select on all tables in schema {} to {}").format(sql.Identifier(schema), owners)
    for success, result in connection.execute(ON_NODES, [grant.as_string(connection)]).fetchall():
        if not success:
            raise ConfigError(f"A node refuses rights on views: {result}")


def unadapted(connection: psycopg.Connection, schema: str) -> list[str]:
    """Functions of `schema` and views of insights that Citus does not plan, because `adapt` has not run since."""
    rows = [connection.execute(query, [schema]).fetchall() for query in (GENERIC, BATCHES)]
    views = [f"insights.{row[0]}" for row in connection.execute(INSIGHTS)]
    return sorted({row[0] for each in rows for row in each} | set(views))


def _read_by_owner(connection: psycopg.Connection, prefix: str) -> None:
    with connection.transaction():
        connection.execute("set local search_path = pg_catalog")  # definitions then name the schema of each table
        for name, definition, owner, columns in connection.execute(INSIGHTS).fetchall():
            statement = sql.SQL(BY_OWNER).format(
                name=sql.Identifier(name),
                columns=sql.SQL(columns),
                definition=sql.Literal(definition),
                owner=sql.Identifier(owner),
                reader=sql.Identifier(roles.renamed(roles.INSIGHTS, prefix)),
            )
            connection.execute(statement)


def of_one_account(definition: str, schema: str) -> str:
    """The definition of a function whose `_account_ids` name one account, where it took several.

    Each statement compares `_account_ids[n]`, the account of a batch's nth item; of one account, that is all items'.
    """
    text = ACCOUNT.sub("_account_id", definition)
    return HEAD.sub(rf"\1declare\n    _account_id uuid := {schema}.only_account(_account_ids);\n", text, count=1)
