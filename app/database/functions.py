"""The schema with this version's functions and views. SQL calls it `fn`; each version that follows another has its own.

So a process goes on calling the functions that it was written for while and after a newer version migrates.
"""

import functools
import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # web processes and workers use asyncpg, and psycopg takes 8 MB
    import psycopg

ENVIRON = "FEELBACK_FUNCTIONS"  # the schema for a child process, which the supervisor has looked up
DEFAULT = "fn"
# Advisory locks are named after functions, and are the same lock in all versions.
NAME = re.compile(r"(?<!hashtext\(')\bfn\b")
_schema = os.environ.get(ENVIRON) or DEFAULT


def use(schema: str) -> None:
    """Call the functions of `schema` from now on in this process."""
    global _schema
    _schema = schema
    qualified.cache_clear()


def schema() -> str:
    """The schema that this process calls."""
    return _schema


def within(schema: str, sql: str) -> str:
    """The text of `sql` with `schema` in place of fn."""
    return sql if schema == DEFAULT else NAME.sub(schema, sql)


@functools.lru_cache(4096)
def qualified(sql: str) -> str:
    """The text of `sql` with this process's schema in place of fn."""
    return within(_schema, sql)


def execute(connection: "psycopg.Connection", sql: str, arguments: Sequence[Any] = ()) -> "psycopg.Cursor[Any]":
    """Run `sql` with this process's schema in place of fn."""
    return connection.execute(qualified(sql).encode(), arguments or None)
