"""The open inboxes of one web worker, and the one connection by which all of them hear that messages came."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from uuid import UUID

from app.database import db
from app.database.listener import Listener
from app.errors import FeelbackError

MOST = 1000  # streams a worker
LISTEN_SECONDS = 5  # how soon a lost connection is tried again
LOST: tuple[type[BaseException], ...] = (*db.UNAVAILABLE, FeelbackError)
BEAT_SECONDS = 20  # how often a stream shows that it lives, and asks anew whether its actor may still see it
REST_SECONDS = 1  # between two events of a stream, however fast messages come


class Live:
    """Wakes the streams of a project when its messages come; made inside the worker's loop."""

    def __init__(self, dsn: str, stopping: asyncio.Event | None = None) -> None:
        self._listener = Listener(dsn, ["message"], lambda _, project_id: self._hear(project_id))
        self._stopping = stopping or asyncio.Event()
        self._streams: dict[str, set[asyncio.Event]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @contextlib.contextmanager
    def opened(self, project_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set whenever messages of the project came, or may have; the first stream begins to listen.

        Raises:
            FeelbackError: 503 where there are too many streams.
        """
        if sum(map(len, self._streams.values())) >= MOST:
            raise FeelbackError(503, "Too many inboxes are open here.", headers={"retry-after": "30"})
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._end())]
        event = asyncio.Event()
        self._streams.setdefault(str(project_id), set()).add(event)
        try:
            yield event
        finally:
            self._streams[str(project_id)].discard(event)
            if not self._streams[str(project_id)]:
                del self._streams[str(project_id)]

    async def events(self, project_id: UUID, unread: Callable[[], Awaitable[int | None]]) -> AsyncIterator[bytes]:
        """A stream of server-sent events: `messages` with the number of unread ones, at first and when some came.

        Between them `beat`. `unread` is asked as the actor each time; None ends the stream. So does the server's stop.
        """
        with self.opened(project_id) as event:
            yield b"retry: 2000\n\n"
            sent, came = None, True
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
                    if came or count != sent
                    else b"event: beat\ndata:\n\n"
                )
                sent = count
                await asyncio.sleep(REST_SECONDS)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), BEAT_SECONDS)
                came = event.is_set()

    async def close(self) -> None:
        """Ends all streams and gives the connection back."""
        self._stopping.set()
        self._hear("")
        for task in self._tasks:
            task.cancel()
        await self._listener.close()

    def _hear(self, project_id: str) -> None:
        heard = [self._streams.get(project_id, set())] if project_id else list(self._streams.values())
        for event in (event for events in heard for event in events):
            event.set()

    async def _listen(self) -> None:
        while True:
            await self._listener.wait(LISTEN_SECONDS)

    async def _end(self) -> None:
        await self._stopping.wait()
        self._hear("")
