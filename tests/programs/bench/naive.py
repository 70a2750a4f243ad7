"""(c): what one writes first: a Quart route that checks little, and one INSERT a request from a pool of connections."""

import hashlib
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from quart import Quart, request

from app.database.ids import uuid_v7
from tests.programs.bench import stand_in

INSERT = """
insert into bench_naive
    (account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, dedup_key)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


def create(dsn: str) -> Quart:
    """The application; the id of the account is in BENCH_ACCOUNT, that of the widget in each request."""
    app = Quart(__name__)
    account_id = UUID(os.environ["BENCH_ACCOUNT"])
    state: dict[str, Any] = {}

    @app.before_serving
    async def start() -> None:
        state["pool"] = await asyncpg.create_pool(dsn)
        rows = await state["pool"].fetch("select key, id from placement where account_id = $1", account_id)
        state["placements"] = {row["key"]: row["id"] for row in rows}

    @app.post("/responses")
    async def post_response() -> tuple[dict[str, str], int]:
        body = await request.get_json()
        now = datetime.now(UTC)
        id = UUID(bytes=uuid_v7(int(now.timestamp() * 1000)))
        visitor = hashlib.blake2b(body["visitor"].encode(), digest_size=16).digest()
        await state["pool"].execute(
            INSERT, account_id, id, UUID(body["widget"]), state["placements"][body["page"]],
            1 if body["value"] == "+1" else 2, now.date(), now, visitor, visitor,
        )  # fmt: skip
        return {"id": str(id), "outcome": "counted"}, 201

    return app


if __name__ == "__main__":
    stand_in.run(create)
