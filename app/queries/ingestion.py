"""Responses: stored in batches, edited and deleted one by one."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.database import db
from app.database.retry import RetryingConnection
from app.errors import FeelbackError

log = logging.getLogger(__name__)

INGEST = """select * from fn.ingest_responses(
    $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::date[], $7::smallint[], $8::text[], $9::text[],
    $10::text[], $11::bytea[], $12::bytea[], $13::bigint[], $14::bytea[], $16::integer, $17::integer, $18::boolean,
    $15::bytea[])"""
INGEST_ACCOUNT = """select * from fn.ingest_account_responses(
    $1::uuid, $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::bigint[], $7::date[], $8::smallint[], $9::text[],
    $10::text[], $11::text[], $12::bytea[], $13::bytea[], $14::bigint[], $15::bytea[], $17::integer, $18::integer,
    $19::boolean, $16::bytea[])"""
NOTIFY = "select fn.notify_messages($1::uuid[], $2::uuid[], $3::text[], $4::text[])"


class Response(NamedTuple):
    """A response to store; times are milliseconds since 1970. Without `network` it has no limit of a day."""

    account_id: UUID
    widget_id: UUID
    key: str
    id: UUID
    created_ms: int
    day: date
    option_no: int
    body: str | None
    fields: str | None
    context: str | None
    visitor: bytes | None
    dedup_key: bytes | None
    dedup_ms: int | None
    address: bytes | None
    network: bytes | None = None


class Exceptional(NamedTuple):
    """A response of a batch, by its position `n` from 1, that was not simply counted, and its outcome."""

    n: int
    response_id: UUID
    outcome: str


async def ingest_responses(
    connection: RetryingConnection,
    batch: Sequence[tuple[Any, ...]],
    pages_limit: int,
    address_limit: int | None,
    account_id: UUID | None = None,
) -> list[Exceptional]:
    """Store and count a batch of Responses with distinct deduplication keys; returns those not simply counted.

    `account_id` is that of all where accounts are distributed over nodes: its node runs the statement.
    """
    # A column of nothing but nulls is sent as null.
    columns = [column if any(column) else None for column in zip(*batch, strict=True)]
    arguments = [*columns, pages_limit, address_limit]
    if account_id is None:
        rows = await connection.fetch(INGEST, *arguments, with_retry_flag=True)
    else:
        rows = await connection.fetch(INGEST_ACCOUNT, account_id, *arguments, with_retry_flag=True)
        account_ids, widget_ids, _, _, _, _, _, bodies, fields, *_ = columns
        if bodies or fields:
            try:
                await connection.fetch(NOTIFY, account_ids, widget_ids, bodies, fields)
            except (db.RowError, FeelbackError) as error:  # they are stored all the same
                log.warning("Open inboxes were not notified: %s", type(error).__name__)
    return [Exceptional(*row) for row in rows]


async def ingest_test_response(connection: RetryingConnection, item: Sequence[Any], pages_limit: int) -> Exceptional:
    """Store a Response of a project in test mode without counting it; a new one has the outcome `test`."""
    account_id, widget_id, key, id, created_ms, _, option_no, *content = item
    *content, _, network = content
    arguments = [account_id, widget_id, key, id, created_ms, option_no, *content, pages_limit, network]
    sql = "select * from fn.ingest_test_response($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    rows = await connection.fetch(sql, *arguments)
    return Exceptional(1, *rows[0])


async def ingest_merged_response(
    connection: RetryingConnection,
    item: Sequence[Any],
    version: UUID,
    keys: Sequence[str],
    dedup_keys: Sequence[bytes | None],
    address_limit: int | None,
    *,
    is_test: bool,
) -> Exceptional | None:
    """Store a Response on a page with aliases: `keys` are all its addresses, `dedup_keys` the visitor's at each.

    Returns None if it was simply counted; the outcome `moved` says that `version` of its addresses is not the latest.
    """
    rows = await connection.fetch(
        "select * from fn.ingest_merged_response("
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        *item, version, list(keys), list(dedup_keys), address_limit, is_test,
    )  # fmt: skip
    return Exceptional(1, *rows[0]) if rows else None


async def ingest_passage(
    connection: RetryingConnection,
    item: Sequence[Any],
    passage: str,
    pages_limit: int,
    address_limit: int | None,
    *,
    is_test: bool,
    version: UUID | None = None,
    keys: Sequence[str] = (),
    dedup_keys: Sequence[bytes | None] = (),
) -> Exceptional | None:
    """Store a Response about a passage (JSON); on a page with aliases as ingest_merged_response.

    Returns None if it was simply counted.
    """
    rows = await connection.fetch(
        "select * from fn.ingest_passage("
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        *item, passage, pages_limit, address_limit, is_test, version, list(keys), list(dedup_keys),
        with_retry_flag=True,
    )  # fmt: skip
    return Exceptional(1, *rows[0]) if rows else None


class Growth(NamedTuple):
    """What changes of a response: `parts` of value, words (body, fields), reasons, message (body), contact, passage.

    `passage` is JSON.
    """

    parts: list[str]
    option_no: int | None
    body: str | None
    fields: str | None
    reasons: list[str]
    contact: str | None
    passage: str | None = None


async def grow_response(
    connection: RetryingConnection, account_id: Any, id: Any, growth: Growth, network: bytes | None, now: datetime,
    language: str | None = None,
) -> bool:  # fmt: skip
    """Change parts of a response; False if it does not exist. `language` is that of its first text.

    Raises:
        FeelbackError: 422, with the field at fault and its limit in the data; 429 for the network's limit of messages.
    """
    sql = "select fn.grow_response($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, $9, $12)"
    try:
        rows = await connection.fetch(sql, account_id, id, *growth, network, now, language)
    except db.RowError as error:
        raise db.translate(error) from error
    return bool(rows[0][0])


async def delete_response(connection: RetryingConnection, account_id: Any, id: Any, address: bytes | None) -> bool:
    """Delete a response, by a visitor whose address has that hash; False if it does not exist."""
    rows = await connection.fetch("select fn.delete_response($1, $2, $3)", account_id, id, address)
    return bool(rows[0][0])


async def notify_responses(pool: db.Pool, project_ids: Sequence[UUID], counts: Sequence[int]) -> None:
    """Notify open screens of new responses, by project."""
    await db.value(pool, "select fn.notify_responses($1, $2)", list(project_ids), list(counts))
