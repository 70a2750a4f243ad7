"""What functions and views need where the tables that they use are distributed over the nodes of a Citus cluster."""

import psycopg
from psycopg import sql

from app.database import roles
from app.errors import ConfigError

GENERIC = """
    select oid::regprocedure::text from pg_proc
    where pronamespace = %s::regnamespace and 'plan_cache_mode=force_generic_plan' = any (proconfig)
"""
ON_NODES = "select success, result from run_command_on_workers(%s)"


def adapt(connection: psycopg.Connection, schema: str, prefix: str) -> None:
    """Have those of `schema` work on all nodes; `prefix` is that of the roles' names.

    Functions that keep one plan for all accounts plan anew, because Citus picks the node when it plans. Rights on
    views, which Citus does not pass on, are granted on the nodes: functions that a statement calls there read them.

    Raises:
        ConfigError: a node refuses.
    """
    for (signature,) in connection.execute(GENERIC, [schema]).fetchall():
        connection.execute(f"alter function {signature} reset plan_cache_mode".encode())
    owners = sql.SQL(", ").join(sql.Identifier(roles.renamed(role, prefix)) for role in (roles.OWNER, roles.PANEL))
    grant = sql.SQL("grant select on all tables in schema {} to {}").format(sql.Identifier(schema), owners)
    for success, result in connection.execute(ON_NODES, [grant.as_string(connection)]).fetchall():
        if not success:
            raise ConfigError(f"A node refuses rights on views: {result}")
