"""The pool, and three ways to call a SQL function: many, one, value. The only module that imports asyncpg."""

import asyncio
import contextlib
import dataclasses
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import asyncpg
from asyncpg.pgproto.pgproto import UUID as UUID

from app.errors import SQLSTATES, FeelbackError

Pool = asyncpg.Pool
Row = TypeVar("Row")

# The database is away or going away: nothing is known to be wrong with what was asked, so it may be asked again.
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
AGAIN: tuple[type[BaseException], ...] = (*UNAVAILABLE, asyncpg.InternalServerError)
RowError = asyncpg.PostgresError
PATIENCE = 10  # seconds that a command may take


ACTOR = """
select set_config('feelback.account_id', $1, true), set_config('feelback.person_id', $2, true),
    set_config('feelback.api_key_id', $3, true), set_config('feelback.project_id', $4, true)
"""


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


@dataclasses.dataclass(frozen=True, slots=True)
class Acting:
    """A pool, and for whom it is asked: each call is a transaction that row security holds to that account.

    An actor is a person, or an API key, which is held to its project as well.
    """

    pool: "Pool[asyncpg.Record]"
    account_id: uuid.UUID | None
    person_id: uuid.UUID | None = None
    api_key_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None


Asked = Pool | Acting


def _options(is_pooled: bool) -> dict[str, Any]:
    return {"connection_class": Pooled, "statement_cache_size": 0} if is_pooled else {}


async def _left(_connection: Any) -> None:
    """Nothing: an actor's settings end with its transaction, so whoever has the connection next finds none."""


async def connect(dsn: str, *, min_size: int = 1, max_size: int = 4, is_pooled: bool = False) -> "Pool[asyncpg.Record]":
    """A pool on `dsn`, which with `is_pooled` leads through a transaction pooler such as PgBouncer."""
    return await asyncpg.create_pool(
        dsn, min_size=min_size, max_size=max_size, command_timeout=PATIENCE, server_settings={"timezone": "UTC"},
        reset=_left, **_options(is_pooled),
    )  # fmt: skip


@contextlib.asynccontextmanager
async def _asking() -> AsyncIterator[None]:
    # A database that hangs is away too: its pool would wait for a connection, or for one to come back, without end.
    try:
        async with asyncio.timeout(PATIENCE + 1):
            yield
    except asyncpg.PostgresError as error:
        raise told(error) from error


@contextlib.asynccontextmanager
async def _asked(asked: Asked) -> AsyncIterator[Any]:
    # What takes the statement: the pool, or a connection that is the actor's until its transaction ends.
    async with _asking():
        if not isinstance(asked, Acting):
            yield asked
            return
        actor = [asked.account_id, asked.person_id, asked.api_key_id, asked.project_id]
        async with asked.pool.acquire() as connection, connection.transaction():
            await connection.execute(ACTOR, *(str(id) if id else "" for id in actor))
            yield connection


def _is_ours(error: BaseException) -> bool:
    # Not where a function was made anew between its being found and its being called: then it may be asked again.
    return isinstance(error, asyncpg.InternalServerError) and "cache lookup failed" not in str(error)


async def _fetched(pool: Asked, how: str, sql: str, *args: Any) -> Any:
    try:
        async with _asked(pool) as asked:
            return await getattr(asked, how)(sql, *args)
    except asyncpg.InternalServerError as error:
        if _is_ours(error):
            raise
    async with _asked(pool) as asked:
        return await getattr(asked, how)(sql, *args)


async def many(pool: Asked, row: type[Row], sql: str, *args: Any) -> list[Row]:
    """Every row of `sql` as a `row` dataclass, by column position."""
    return [row(*record) for record in await _fetched(pool, "fetch", sql, *args)]


async def one(pool: Asked, row: Callable[..., Row], sql: str, *args: Any) -> Row | None:
    """What `row`, a dataclass mostly, makes of the columns of the first row of `sql`; None where there is none."""
    record = await _fetched(pool, "fetchrow", sql, *args)
    return row(*record) if record else None


async def value(pool: Asked, sql: str, *args: Any) -> Any:
    """The first column of the first row of `sql`, or None."""
    return await _fetched(pool, "fetchval", sql, *args)


async def copied(pool: Asked, sql: str, *args: Any, format: str, header: bool = False) -> tuple[bytes, int]:
    """What `sql` finds, written by COPY as `csv` or as lines of `json` (its only column), and how many rows it is.

    It is held in memory: ask for so much at a time as fits there.
    """
    written = bytearray()

    async def take(part: bytes) -> None:
        written.extend(part)

    # A line of JSON holds no control characters: with two of them for delimiter and quote, COPY leaves it as it is.
    how = {"format": "csv", **({"header": header} if format == "csv" else {"delimiter": "\x01", "quote": "\x02"})}
    async with _asked(pool) as asked:
        status = await asked.copy_from_query(sql, *args, output=take, **how)
    return bytes(written), int(status.split()[1])


def told(error: asyncpg.PostgresError) -> Exception:
    """What the caller may know of a database error: ours and the caller's own faults become a FeelbackError."""
    status = SQLSTATES.get(error.sqlstate or "")
    if status is None:
        return error
    if (error.sqlstate or "").startswith("FB"):
        hint = getattr(error, "hint", None)
        told = FeelbackError(status, str(error.args[0]))
        if hint:
            told.data["hint"] = hint
        return told
    if (error.sqlstate or "").startswith("22"):
        return FeelbackError(status, "A text holds a character that is none, such as NUL.")
    constraint = getattr(error, "constraint_name", None)
    return FeelbackError(status, f"The value breaks the rule {constraint}." if constraint else "A value is not valid.")


def columns(row: type[Any]) -> list[str]:
    """The column names that a row dataclass stands for, in order."""
    return [field.name for field in dataclasses.fields(row)]


class Held:
    """One connection kept for one caller, for statements that may be sent again after a lost answer."""

    def __init__(self, dsn: str, *, timeout: float = 10, patience: float = 5, is_pooled: bool = False) -> None:
        self._dsn, self._timeout, self._patience, self._is_pooled = dsn, timeout, patience, is_pooled
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def fetch(self, sql: str, *args: Any, tell: bool = False) -> list[asyncpg.Record]:
        """The rows of `sql`; sent again, on a new connection, while the database is away, for `patience` seconds.

        With `tell` the last argument of the statement is whether it may have been carried out before.

        Raises:
            FeelbackError: 503 with Retry-After where the database stayed away.
            RowError: what the database said of the statement.
        """
        loop = asyncio.get_running_loop()
        end, pause, again = loop.time() + self._patience, 0.02, False
        while True:
            try:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await self._connect()
                return await (self._connection.fetch(sql, *args, again) if tell else self._connection.fetch(sql, *args))
            except AGAIN as error:
                # A value that cannot be encoded is no lost connection.
                if isinstance(error, ValueError) or _is_ours(error):
                    raise
                self._drop()
                if loop.time() + pause > end:
                    raise unavailable() from error
            await asyncio.sleep(pause)
            pause, again = min(pause * 2, 0.5), True

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        try:
            return await asyncpg.connect(
                self._dsn,
                timeout=self._timeout,
                command_timeout=self._timeout,
                server_settings={"timezone": "UTC"},
                **_options(self._is_pooled),
            )
        except asyncpg.PostgresError as error:  # why ever it will not have us, it is not for what was asked
            raise ConnectionError from error

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def close(self) -> None:
        """Gives the connection back."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close(timeout=2)


def unavailable() -> FeelbackError:
    """The error for a database that is away."""
    return FeelbackError(503, "The database is away for a moment. Send it again.", headers={"retry-after": "2"})


class Bell:
    """Rings when a channel of the database is notified, on a connection of its own.

    `heard` is told each notice's payload at once, and "" when it listens anew and may have missed some.
    """

    def __init__(self, dsn: str, channel: str, heard: Callable[[str], None] | None = None) -> None:
        self._dsn, self._channel, self._heard = dsn, channel, heard
        self._rung = asyncio.Event()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    def ring(self) -> None:
        """Ends the wait, this one or the next."""
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Returns when it has rung since the last wait, or may have while the connection was lost, or in `seconds`."""
        if self._connection is None or self._connection.is_closed():
            try:
                await self._listen()
            except UNAVAILABLE:
                await self.close()
            else:
                self._hear("")  # whether it rang before is not known
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()

    async def close(self) -> None:
        """Gives the connection back."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=10)
        connection.add_termination_listener(lambda *_: self.ring())
        self._connection = connection
        await connection.add_listener(self._channel, lambda *notice: self._hear(str(notice[3])))

    def _hear(self, payload: str) -> None:
        if self._heard is not None:
            self._heard(payload)
        self.ring()
