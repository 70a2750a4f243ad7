"""Page titles that visitors' pages send: buffered, and written for pages that have none."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.errors import FeelbackError
from app.ingest.accounts import batches

log = logging.getLogger(__name__)
MOST_CHARS = 300


class Titles:
    """Hands each page's title to `write` once, `seconds` after the first of a batch; rows are (account id, project
    id, page key, title).

    Remembers `size` pages that it has handed over, so that a busy page costs a dictionary look-up and no query. It does
    so by their hashes, as made-up pages may have long keys.
    """

    def __init__(
        self, write: Callable[[Sequence[tuple[Any, Any, str, str]]], Awaitable[Any]], *, seconds: float = 2,
        size: int = 100_000, by_account: bool = False,
    ) -> None:  # fmt: skip
        self._write, self._seconds, self._size, self._by_account = write, seconds, size, by_account
        self._sent: dict[int, None] = {}
        self._waiting: dict[tuple[Any, str], tuple[Any, str]] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, account_id: Any, project_id: Any, key: str, title: object) -> None:
        """Buffer the title of a page.

        Raises:
            FeelbackError: 422 if it is not a text of at most 300 characters.
        """
        if type(title) is not str or len(title) > MOST_CHARS or "\0" in title:
            raise FeelbackError(422, f"title must be a text of at most {MOST_CHARS} characters.", limit=MOST_CHARS)
        page = (project_id, key)
        if hash(page) in self._sent or not title.strip():
            return
        self._waiting[page] = (account_id, title.strip())
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(self._seconds)
        self._task = None
        await self.flush()

    async def flush(self) -> None:
        """Write what waits. A title that cannot be written is sent again by the page's next response."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        rows = [(account, project, key, title) for (project, key), (account, title) in waiting.items()]
        for batch in batches(rows, by_account=self._by_account):
            await self._flush(batch)

    async def _flush(self, rows: Sequence[tuple[Any, Any, str, str]]) -> None:
        try:
            await self._write(rows)
        except Exception as error:
            log.warning("Page titles were not written: %s", type(error).__name__)
            return
        while len(self._sent) + len(rows) > self._size and self._sent:
            self._sent.pop(next(iter(self._sent)))
        self._sent.update(dict.fromkeys(hash((project, key)) for _, project, key, _ in rows))
