"""The pool, and three ways to call a SQL function: many, one, value. The only module that imports asyncpg."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import asyncpg
from asyncpg.pgproto.pgproto import UUID as UUID

from app.database.functions import qualified
from app.database.tenant import TenantPool
from app.errors import SQLSTATES, FeelbackError

Pool = asyncpg.Pool
Executor = Pool | TenantPool
Row = TypeVar("Row")

# The database is unavailable or shutting down: the statement itself may be fine, so it may be retried.
UNAVAILABLE: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # its connection was cut in the middle of an answer
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,  # its disk, memory or connections are used up
    asyncpg.PostgresSystemError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.ReadOnlySQLTransactionError,
    OSError,
    TimeoutError,
)
RETRIABLE: tuple[type[BaseException], ...] = (*UNAVAILABLE, asyncpg.InternalServerError)
RECREATED = "cache lookup failed"  # of a function between its look-up and its call; nothing was executed
# Internal errors that pass. Those of a cluster's node that is down say nothing of what it has executed.
PASSING = (
    RECREATED, "failure on connection", "server closed the connection", "could not commit transaction",
    "could not receive data from server", "SSL SYSCALL error", "SSL error",
)  # fmt: skip
RowError = asyncpg.PostgresError
PATIENCE = 10  # seconds that a command may take


class Pooled(asyncpg.Connection):
    """A connection through a transaction pooler: it is one server's only within a transaction, so each call is one."""

    async def fetch(self, *args: Any, **kwargs: Any) -> Any:
        """As its parent's."""
        async with self._whole():
            return await super().fetch(*args, **kwargs)

    async def fetchrow(self, *args: Any, **kwargs: Any) -> Any:
        """As its parent's."""
        async with self._whole():
            return await super().fetchrow(*args, **kwargs)

    async def fetchval(self, *args: Any, **kwargs: Any) -> Any:
        """As its parent's."""
        async with self._whole():
            return await super().fetchval(*args, **kwargs)

    def _whole(self) -> contextlib.AbstractAsyncContextManager[Any]:
        return contextlib.nullcontext() if self.is_in_transaction() else self.transaction()


def connection_options(is_pooled: bool) -> dict[str, Any]:
    """Options of asyncpg for a connection, which with `is_pooled` leads through a transaction pooler."""
    return {"connection_class": Pooled, "statement_cache_size": 0} if is_pooled else {}


async def _no_reset(_connection: Any) -> None:
    """Skip asyncpg's RESET: all settings are SET LOCAL."""


async def connect(dsn: str, *, min_size: int = 1, max_size: int = 4, is_pooled: bool = False) -> "Pool[asyncpg.Record]":
    """Open a pool on `dsn`, which with `is_pooled` leads through a transaction pooler such as PgBouncer."""
    return await asyncpg.create_pool(
        dsn, min_size=min_size, max_size=max_size, command_timeout=PATIENCE, server_settings={"timezone": "UTC"},
        reset=_no_reset, **connection_options(is_pooled),
    )  # fmt: skip


async def unreachable(dsn: str) -> str | None:
    """Why the server at `dsn` cannot be reached or is not ready yet; None if it answers, be it with a refusal."""
    try:
        connection = await asyncpg.connect(dsn, timeout=10)
    except (
        OSError,
        TimeoutError,
        asyncpg.CannotConnectNowError,
        asyncpg.TooManyConnectionsError,
        asyncpg.TargetServerAttributeNotMatched,
    ) as error:
        return type(error).__name__
    except (asyncpg.PostgresError, asyncpg.InterfaceError):
        return None
    await connection.close(timeout=2)
    return None


@contextlib.asynccontextmanager
async def _bounded() -> AsyncIterator[None]:
    # A hanging database counts as unavailable: its pool would wait for a connection forever.
    try:
        async with asyncio.timeout(PATIENCE + 1):
            yield
    except asyncpg.PostgresError as error:
        raise translate(error) from error


@contextlib.asynccontextmanager
async def _acquire(executor: Executor) -> AsyncIterator[Any]:
    # The pool itself, or a connection in a transaction of the tenant.
    async with _bounded():
        if isinstance(executor, TenantPool):
            async with executor.acquire() as connection:
                yield connection
        else:
            yield executor


def is_own_fault(error: BaseException) -> bool:
    """Whether a statement failed by an error of ours in SQL, so that a retry is useless."""
    return isinstance(error, asyncpg.InternalServerError) and not any(text in str(error) for text in PASSING)


async def _fetch(executor: Executor, how: str, sql: str, *args: Any) -> Any:
    sql = qualified(sql)
    try:
        async with _acquire(executor) as connection:
            return await getattr(connection, how)(sql, *args)
    except asyncpg.InternalServerError as error:
        if is_own_fault(error):
            raise
        if RECREATED not in str(error):
            raise unavailable() from error
    async with _acquire(executor) as connection:
        return await getattr(connection, how)(sql, *args)


async def many(executor: Executor, row: Callable[..., Row], sql: str, *args: Any) -> list[Row]:
    """Every row of `sql` as a `row` dataclass, by column position."""
    return [row(*record) for record in await _fetch(executor, "fetch", sql, *args)]


async def one(executor: Executor, row: Callable[..., Row], sql: str, *args: Any) -> Row | None:
    """What `row`, a dataclass mostly, makes of the columns of the first row of `sql`; None where there is none."""
    record = await _fetch(executor, "fetchrow", sql, *args)
    return row(*record) if record else None


async def row(executor: Executor, row: Callable[..., Row], sql: str, *args: Any) -> Row:
    """As `one`, for SQL that returns a row or raises."""
    record = await _fetch(executor, "fetchrow", sql, *args)
    assert record is not None
    return row(*record)


async def value(executor: Executor, sql: str, *args: Any) -> Any:
    """The first column of the first row of `sql`, or None."""
    return await _fetch(executor, "fetchval", sql, *args)


async def value_within(seconds: float, pool: "Pool[asyncpg.Record]", sql: str, *args: Any) -> Any:
    """As `value`, for a statement that may take longer than others; it is not tried twice."""
    try:
        return await pool.fetchval(qualified(sql), *args, timeout=seconds)
    except asyncpg.PostgresError as error:
        raise translate(error) from error


async def copied(executor: Executor, sql: str, *args: Any, format: str, header: bool = False) -> tuple[bytes, int]:
    """What `sql` finds, written by COPY as `csv` or as lines of `json` (its only column), and how many rows it is.

    It is held in memory: ask for so much at a time as fits there.
    """
    written = bytearray()

    async def take(part: bytes) -> None:
        written.extend(part)

    # A line of JSON holds no control characters: with two of them for delimiter and quote, COPY leaves it as it is.
    how = {
        "format": "csv",
        **({"header": header, "force_quote": True} if format == "csv" else {"delimiter": "\x01", "quote": "\x02"}),
    }
    async with _acquire(executor) as connection:
        status = await connection.copy_from_query(qualified(sql), *args, output=take, **how)
    return bytes(written), int(status.split()[1])


def translate(error: asyncpg.PostgresError) -> Exception:
    """Translate a database error: errors raised by our SQL or caused by the caller become a FeelbackError."""
    status = SQLSTATES.get(error.sqlstate or "")
    if status is None:
        return error
    if (error.sqlstate or "").startswith("FB"):
        hint = getattr(error, "hint", None)
        setting = getattr(error, "column_name", None)
        message = str(error.args[0])
        failure = FeelbackError.of_setting(status, setting, message) if setting else FeelbackError(status, message)
        if hint:
            failure.data["hint"] = hint
        detail = getattr(error, "detail", None)
        if setting and detail:
            failure.data.update(field=setting, **json.loads(detail))
        return failure
    if (error.sqlstate or "").startswith("22"):
        return FeelbackError(status, "Text must not contain control characters such as NUL.")
    constraint = getattr(error, "constraint_name", None)
    return FeelbackError(status, f"The value breaks the rule {constraint}." if constraint else "A value is not valid.")


def unavailable() -> FeelbackError:
    """The error for an unavailable database."""
    return FeelbackError(503, "The database is unavailable for a moment. Try again.", headers={"retry-after": "2"})
