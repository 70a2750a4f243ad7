"""What functions and views need where the tables that they use are distributed over the nodes of a Citus cluster."""

import psycopg

from app.database import roles

# Citus picks the node when it plans, so no plan is for all accounts. It tells nodes who owns a view, but not who may
# read it.
STATEMENTS = """
    select format('alter function %%s reset plan_cache_mode', oid::regprocedure) from pg_proc
    where pronamespace = %(schema)s::regnamespace and 'plan_cache_mode=force_generic_plan' = any (proconfig)
    union all
    select format('alter view %%s owner to %%I', oid::regclass, %(owner)s::text) from pg_class
    where relnamespace = %(schema)s::regnamespace and relkind = 'v'
"""


def adapt(connection: psycopg.Connection, schema: str, prefix: str) -> None:
    """Have those of `schema` work on all nodes; `prefix` is that of the roles' names."""
    names = {"schema": schema, "owner": roles.renamed(roles.OWNER, prefix)}
    for (statement,) in connection.execute(STATEMENTS, names).fetchall():
        connection.execute(statement.encode())
