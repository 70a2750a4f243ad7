"""Visitors who send, edit, delete and read; each retries until it is answered."""

import asyncio
import random
import time
from collections import Counter
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from tests.support.load import Http

VALUES: dict[str, list[Any]] = {
    "pulse": ["+"],
    "yesno": ["y", "y", "n"],
    "stars": ["1", "2", "3", "4", "5"],
    "message": ["Thank you", "It helped me to find my way", "Where is the second part?"],
}
PAGES = [f"https://example.com/{n}" for n in range(40)]


class Traffic:
    """What was sent to the widgets, by type, and acknowledged; `responses` has the last acknowledged state of each."""

    def __init__(self, http: Http, widgets: dict[str, str], choice: random.Random) -> None:
        self._http, self._widgets, self._choice = http, widgets, choice
        self.sent: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.responses: dict[str, str | None] = {}  # by id: what counts, None where it was taken back
        self.longest = 0.0
        self.stopped = False

    async def run(self, pause: float) -> None:
        """One visitor after the other, until it is stopped."""
        while not self.stopped:
            await self._visit()
            await asyncio.sleep(self._choice.expovariate(1 / pause))

    async def _visit(self) -> None:
        kind = self._choice.choice(list(self._widgets))
        page = self._choice.choice(PAGES)
        value = self._choice.choice(VALUES[kind])
        body = {"widget": self._widgets[kind], "page": page, "value": value, "visitor": str(uuid4())}
        answer = await self._insist("create", "POST", "/v1/responses", body)
        if answer is None:
            return
        response = answer.json()
        self.responses[response["id"]] = value
        path, token = (
            f"/v1/responses/{response['id']}",
            {"feelback-token": (response["revokable"] or {}).get("token", "")},
        )
        luck = self._choice.random()
        if luck < 0.2 and kind != "message":
            value = self._choice.choice(VALUES[kind])
            if await self._insist("edit", "PATCH", path, {"value": value}, token):
                self.responses[response["id"]] = value
            else:
                del self.responses[response["id"]]  # whether the last try was carried out is not known
        elif luck < 0.3:
            if await self._insist("remove", "DELETE", path, None, token):
                self.responses[response["id"]] = None
            else:
                del self.responses[response["id"]]
        elif luck < 0.6:
            await self._insist("read", "GET", f"/v1/stats?widget={self._widgets[kind]}&page={quote(page, safe='')}")

    async def _insist(
        self, what: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        self.sent[what] += 1
        began, is_repeated = time.monotonic(), False
        while True:
            try:
                answer = await self._http.send(method, path, body, headers)
            except (OSError, EOFError):
                self.outcomes["broken off"] += 1
            else:
                self.outcomes[str(answer.status)] += 1
                # Taken back already, by a try whose answer was lost.
                if answer.status < 300 or (what == "remove" and is_repeated and answer.status == 404):
                    self.acknowledged[what] += 1
                    self.longest = max(self.longest, time.monotonic() - began)
                    return answer
                assert answer.status == 503, (what, answer.status, answer.body)
            if self.stopped:
                return None
            is_repeated = True
            await asyncio.sleep(0.1)
