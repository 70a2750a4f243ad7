"""Visitors who respond, edit, take back and read without pause, and retry until they are answered."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tests.support.history import History, Stored
from tests.support.load import Http, connected
from tests.support.serving import Answer, Server

PAGES = [f"k{number}" for number in range(5)]
RETRY_SECONDS = 0.05


class Visitors:
    """Visitors of an up-and-down widget, and the history of what they did. `statuses` counts the answers."""

    def __init__(self, http: Http, widget_id: str, history: History | None = None) -> None:
        self._http, self._widget_id, self.history = http, widget_id, history or History()
        self._run_id = len(self.history.operations)
        self.statuses: Counter[str] = Counter()
        self.stopped = False

    async def run(self, count: int) -> None:
        """That many at once, until they are stopped."""
        await asyncio.gather(*(self._run(f"client-{number}", random.Random(number)) for number in range(count)))

    async def several(self, more: int = 300) -> None:
        """Wait until that many more responses were acknowledged."""
        wanted, end = self.history.acknowledged() + more, time.monotonic() + 60
        while self.history.acknowledged() < wanted:
            assert time.monotonic() < end
            await asyncio.sleep(0.02)

    async def _run(self, client: str, choice: random.Random) -> None:
        number = 0
        while not self.stopped:
            number += 1
            page, visitor = choice.choice(PAGES), f"{client}-{self._run_id + number}"
            body = {"widget": self._widget_id, "page": page, "value": "+1", "visitor": visitor}
            create = self.history.begin(client, "create", visitor, "+1", page=page)
            answer = await self._insist("POST", "/v1/responses", body)
            if answer is None:
                return
            response = answer.json()
            self.history.end(create, id=response["id"])
            path, token = f"/v1/responses/{response['id']}", {"feelback-token": response["revokable"]["token"]}
            luck = choice.random()
            if luck < 0.3:
                edit = self.history.begin(client, "edit", visitor, "-1", page=page)
                if (answer := await self._insist("PATCH", path, {"value": "-1"}, token)) is not None:
                    self.history.end(edit, "missing" if answer.status == 404 else "acknowledged")
            elif luck < 0.4:
                remove = self.history.begin(client, "remove", visitor, page=page)
                if await self._insist("DELETE", path, None, token) is not None:
                    self.history.end(remove)
            elif luck < 0.6:
                read = self.history.begin(client, "read", page)
                answer = await self._insist("GET", f"/v1/stats?widget={self._widget_id}&page={page}")
                if answer is not None:
                    self.history.end(read, value=answer.json()["items"][0]["total"])

    async def _insist(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer | None:
        while not self.stopped:
            try:
                answer = await self._http.send(method, path, body, headers)
            except (OSError, EOFError):
                self.statuses["broken off"] += 1
            else:
                self.statuses[str(answer.status)] += 1
                if answer.status < 300 or answer.status == 404:
                    return answer
                assert answer.status == 503, (method, path, answer.status, answer.body)
                assert answer.headers["retry-after"]
            await asyncio.sleep(RETRY_SECONDS)
        return None


@asynccontextmanager
async def visiting(
    server: Server, widget_id: str, history: History | None = None, count: int = 24
) -> AsyncIterator[Visitors]:
    """Visitors who go on until the context ends; they may go on with the history of others."""
    async with connected(server.port, count) as http:
        visitors = Visitors(http, widget_id, history)
        running = asyncio.create_task(visitors.run(count))
        try:
            yield visitors
        finally:
            visitors.stopped = True
            await running


STORED = """
    select r.id::text as id, encode(r.visitor, 'hex') as sender, o.value from response as r
    join option as o on o.account_id = r.account_id and o.widget_id = r.widget_id and o.no = r.option_no"""


async def stored(pool: "asyncpg.Pool[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]") -> list[Stored]:
    """All responses of up-and-down widgets."""
    return [Stored(**row) for row in await pool.fetch(STORED)]
