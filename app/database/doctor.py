"""What a database is made of: its nodes, what is on them, and the node of each account."""

from collections.abc import Iterator
from contextlib import closing

import psycopg

from app.database import distributed_functions, distribution, versions


def lines(dsn: str) -> Iterator[str]:
    """The report of `feelback doctor`, line by line."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        nodes = distribution.nodes(connection)
        if not nodes:
            yield "The database is one server, without Citus"
            return
        for node in nodes:
            yield f"{'worker' if node.group else 'coordinator':<12} {node.host}:{node.port}"
        if not distribution.is_distributed(connection):
            yield "Nothing is distributed: run `feelback distribute`"
            return
        for kind, count in distribution.kinds(connection):
            yield f"{kind:<12} {count} tables"
        for name in distribution.pending(connection):
            yield f"{name} is not distributed: run `feelback distribute`"
        if distribution.is_interrupted(connection):
            yield "Foreign keys are missing, because `feelback distribute` was cut off: run it again"
        for schema, _ in versions.functions(connection)[:1]:
            for name in distributed_functions.unadapted(connection, schema):
                yield f"{name} does not plan here: run `feelback migrate`"
        for place in distribution.places(connection):
            yield f"{place.account_id} {place.host}:{place.port} {place.name}"
