"""Reasons in the demo: why visitors of its most visited page voted as they did."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

Pool = asyncpg.Pool
FOLLOW_UP = {
    "question": "What was missing?", "multiple": True, "message": True,
    "reasons": [
        {"value": "unclear", "label": "Hard to understand"},
        {"value": "outdated", "label": "Out of date"},
        {"value": "other", "label": "Something else"},
    ],
}  # fmt: skip


@dataclass(frozen=True)
class ReasonExample:
    """A widget that asks why, one of its pages, an option, and the responses there that were given reasons."""

    account_id: UUID
    project_id: UUID
    widget_id: UUID
    page_id: UUID
    option: str
    unclear: list[UUID]
    outdated: list[UUID]


async def follow_up(pool: "Pool[asyncpg.Record]") -> ReasonExample:
    """Give the votes of the demo a follow-up for their second option; no response has a reason yet."""
    row = await pool.fetchrow(
        "select c.account_id, w.project_id, c.widget_id, c.page_id, o.value from placement as c"
        " join widget as w on w.account_id = c.account_id and w.id = c.widget_id"
        " join option as o on o.account_id = w.account_id and o.widget_id = w.id and o.no = 2"
        " join response as f on f.account_id = c.account_id and f.placement_id = c.id and f.option_no = 2"
        " where w.type = 'updown'"
        " group by 1, 2, 3, 4, 5 order by count(*) desc limit 1"
    )
    assert row
    await pool.execute(
        "select fn.update_follow_ups($1, $2, $3, $4::text::jsonb)",
        row["account_id"], row["project_id"], row["widget_id"], json.dumps([{"option": row["value"], **FOLLOW_UP}]),
    )  # fmt: skip
    return ReasonExample(*row, [], [])


async def reasons(pool: "Pool[asyncpg.Record]") -> ReasonExample:
    """The same, with reasons of the newest six responses on the page: four unclear, two outdated and one with words."""
    example = await follow_up(pool)
    rows = await pool.fetch(
        "select f.id from response as f join placement as c on c.account_id = f.account_id and c.id = f.placement_id"
        " where c.page_id = $1 and f.widget_id = $2 and f.option_no = 2 order by f.id desc limit 6",
        example.page_id, example.widget_id,
    )  # fmt: skip
    ids = [row["id"] for row in rows]
    for n, id in enumerate(ids):
        await grow(pool, example, id, ["unclear"] if n < 4 else ["outdated"])
    await grow(pool, example, ids[0], ["unclear"], "Which <key> is meant?")
    example.unclear.extend(ids[:4])
    example.outdated.extend(ids[4:])
    return example


async def grow(
    pool: "Pool[asyncpg.Record]", example: ReasonExample, id: UUID, reasons: list[str], message: str | None = None
) -> Any:
    """What a visitor adds to a response under its token."""
    parts = ["reasons", "message"] if message is not None else ["reasons"]
    sql = "select fn.grow_response($1, $2, $3, null, $4, null, $5, null)"
    return await pool.fetchval(sql, example.account_id, id, parts, message, reasons)
