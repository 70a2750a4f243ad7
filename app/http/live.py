"""The open inboxes of one web process, and the one database connection that notifies them of new messages."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from uuid import UUID

from app.database import db
from app.database.listener import Listener
from app.errors import FeelbackError

MOST = 1000  # streams of one web process
MOST_OF_PERSON = 20
LISTEN_SECONDS = 5  # until a lost connection is retried
LOST: tuple[type[BaseException], ...] = (*db.UNAVAILABLE, FeelbackError)
BEAT_SECONDS = 20  # between signs of life, at which the actor's rights are checked again
REST_SECONDS = 1  # between two events of a stream, at least


class Live:
    """Wakes the streams of a project when messages arrive; created inside the web process's event loop."""

    def __init__(self, dsn: str, stopping: asyncio.Event | None = None) -> None:
        self._listener = Listener(dsn, ["message"], lambda _, project_id: self._wake(project_id))
        self._stopping = stopping or asyncio.Event()
        self._streams: dict[str, set[asyncio.Event]] = {}
        self._streams_of = Counter[UUID]()
        self._tasks: list[asyncio.Task[None]] = []

    @contextlib.contextmanager
    def opened(self, project_id: UUID, person_id: UUID) -> Iterator[asyncio.Event]:
        """Yield an event that is set when the project may have new messages. The first stream starts to listen."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._end())]
        event = asyncio.Event()
        self._streams.setdefault(str(project_id), set()).add(event)
        self._streams_of[person_id] += 1
        try:
            yield event
        finally:
            self._streams[str(project_id)].discard(event)
            if not self._streams[str(project_id)]:
                del self._streams[str(project_id)]
            self._streams_of[person_id] -= 1
            if not self._streams_of[person_id]:
                del self._streams_of[person_id]

    def events(
        self, project_id: UUID, person_id: UUID, unread: Callable[[], Awaitable[int | None]]
    ) -> AsyncIterator[bytes]:
        """Return server-sent events: `messages` with the number of unread ones, at first and when some arrive.

        Between them come `beat` events. `unread` runs as the actor each time; None ends the stream, as a stop of the
        server does.

        Raises:
            FeelbackError: 429 or 503, before anything is sent, if there are too many streams.
        """
        fault = self._fault(person_id)
        if fault is not None:
            raise fault
        return self._events(project_id, person_id, unread)

    async def _events(
        self, project_id: UUID, person_id: UUID, unread: Callable[[], Awaitable[int | None]]
    ) -> AsyncIterator[bytes]:
        if self._fault(person_id) is not None:  # many that came at once were let in before the first was open
            return
        with self.opened(project_id, person_id) as event:
            yield b"retry: 2000\n\n"
            last_count, has_news = None, True
            while not self._stopping.is_set():
                event.clear()
                try:
                    count = await unread()
                except LOST:  # the page connects again
                    return
                if count is None:
                    return
                yield (
                    b"event: messages\ndata: %d\n\n" % count
                    if has_news or count != last_count
                    else b"event: beat\ndata:\n\n"
                )
                last_count = count
                await asyncio.sleep(REST_SECONDS)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), BEAT_SECONDS)
                has_news = event.is_set()

    def _fault(self, person_id: UUID) -> FeelbackError | None:
        text, headers = "Close some or try again later.", {"retry-after": "30"}
        if self._streams_of[person_id] >= MOST_OF_PERSON:
            return FeelbackError(429, f"You have {MOST_OF_PERSON} inboxes open. {text}", headers=headers)
        if sum(map(len, self._streams.values())) >= MOST:
            return FeelbackError(503, f"Too many inboxes are open. {text}", headers=headers)
        return None

    async def close(self) -> None:
        """End all streams and close the connection."""
        self._stopping.set()
        self._wake("")
        for task in self._tasks:
            task.cancel()
        await self._listener.close()

    def _wake(self, project_id: str) -> None:
        streams = [self._streams.get(project_id, set())] if project_id else list(self._streams.values())
        for event in (event for events in streams for event in events):
            event.set()

    async def _listen(self) -> None:
        while True:
            await self._listener.wait(LISTEN_SECONDS)

    async def _end(self) -> None:
        await self._stopping.wait()
        self._wake("")
