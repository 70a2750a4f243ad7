"""(k): the least that storing takes: JSON is read and stored by our statement, with no check, limit, key or token."""

import os
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec import json

from app import config
from app.database import db, roles
from app.database.ids import uuid_v7
from app.ingest.queues import Queues
from app.queries.ingestion import Response
from tests.programs.bench import stand_in
from tests.programs.bench.noop import BODY, HEADERS


def create(dsn: str) -> Any:
    """The application; the id of the account is in BENCH_ACCOUNT, that of the widget in each request."""
    settings, account_id = config.load(), UUID(os.environ["BENCH_ACCOUNT"])
    rest = (None,) * (len(Response._fields) - 7)
    queues: Queues

    async def application(scope: Any, receive: Any, send: Any) -> None:
        nonlocal queues
        if scope["type"] == "lifespan":
            while (await receive())["type"] == "lifespan.startup":
                queues = Queues(settings, roles.pool_url(settings, dsn, roles.INGEST), is_distributed=False)
                await send({"type": "lifespan.startup.complete"})
            await queues.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        if scope["method"] == "POST":
            item, now_ms = json.decode(body), time.time_ns() // 1_000_000
            await queues.writes.submit((
                account_id, UUID(item["widget"]), item["page"], db.UUID(uuid_v7(now_ms)), now_ms,
                datetime.now(UTC).date(), 1 if item["value"] == "+1" else 2, *rest,
            ))  # fmt: skip
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})

    return application


if __name__ == "__main__":
    stand_in.run(create)
