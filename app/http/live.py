"""The open screens of one web process, and the one database connection that says what is new in their projects."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from app.database import db
from app.database.listener import Listener
from app.errors import FeelbackError

MOST = 1000  # streams of one web process
MOST_OF_PERSON = 20
LISTEN_SECONDS = 5  # until a lost connection is retried
LOST: tuple[type[BaseException], ...] = (*db.UNAVAILABLE, FeelbackError)
BEAT_SECONDS = 20  # between signs of life, at which the actor's rights are checked again
REST_SECONDS = 1  # between two events of a project, at least
# The database's channels, and what they count in an event: their notices are a project's id and, if not 1, a number.
TOPICS = {"message": "messages", "response": "responses", "figures": "figures"}

Unread = Callable[[], Awaitable[int | None]]


@dataclass(slots=True, eq=False)
class Stream:
    """One open screen: what is new since its last event, and how its actor reads the number of unread messages."""

    unread: Unread
    news: Counter[str] = field(default_factory=Counter)
    event: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def add(self, news: Counter[str], unread: int | None) -> None:
        """Add what is new to its next event."""
        self.news.update(news)
        if unread is not None:
            self.news["unread"] = unread
        self.event.set()

    def take(self) -> Counter[str]:
        """What is new since the last time."""
        news, self.news = self.news, Counter()
        self.event.clear()
        return news


@dataclass(slots=True)
class Project:
    """The streams of one project, and what is new in it for all of them."""

    streams: set[Stream] = field(default_factory=set)
    news: Counter[str] = field(default_factory=Counter)
    task: asyncio.Task[None] | None = None


class Live:
    """Sends what is new in a project to its streams; created inside the web process's event loop."""

    def __init__(self, dsn: str, stopping: asyncio.Event | None = None) -> None:
        self._listener = Listener(dsn, list(TOPICS), self._receive)
        self._stopping = stopping or asyncio.Event()
        self._projects: dict[str, Project] = {}
        self._streams_of = Counter[UUID]()
        self._tasks: list[asyncio.Task[None]] = []

    def events(self, project_id: UUID, person_id: UUID, unread: Unread) -> AsyncIterator[bytes]:
        """Return server-sent events: `news` with counts by topic and of unread messages, and `beat` in between.

        The first has no news. `unread` runs as the actor at first and at each beat; None ends the stream, as a stop of
        the server does. Where notices may have been missed, `missed` is among the topics.

        Raises:
            FeelbackError: 429 or 503, before anything is sent, if there are too many streams.
        """
        fault = self._fault(person_id)
        if fault is not None:
            raise fault
        return self._events(project_id, person_id, unread)

    async def _events(self, project_id: UUID, person_id: UUID, unread: Unread) -> AsyncIterator[bytes]:
        if self._fault(person_id) is not None:  # many that came at once were let in before the first was open
            return
        clock = asyncio.get_running_loop().time
        with self._opened(project_id, person_id, unread) as stream:
            yield b"retry: 2000\n\n"
            checked_at = -float("inf")
            while not (self._stopping.is_set() or stream.is_over):
                is_first = checked_at < 0
                if clock() - checked_at >= BEAT_SECONDS:
                    try:
                        count = await unread()
                    except LOST:  # the page connects again
                        return
                    if count is None:
                        return
                    checked_at = clock()
                    stream.news["unread"] = count
                news = stream.take()
                name = "news" if is_first or any(topic != "unread" for topic in news) else "beat"
                if news:
                    yield f"event: {name}\ndata: {json.dumps(news)}\n\n".encode()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.001, checked_at + BEAT_SECONDS - clock())):
                        await stream.event.wait()

    @contextlib.contextmanager
    def _opened(self, project_id: UUID, person_id: UUID, unread: Unread) -> Iterator[Stream]:
        """A stream of a project, from now on. The first one starts to listen."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._end())]
        stream, project = Stream(unread), self._projects.setdefault(str(project_id), Project())
        project.streams.add(stream)
        self._streams_of[person_id] += 1
        try:
            yield stream
        finally:
            project.streams.discard(stream)
            if not project.streams:
                self._projects.pop(str(project_id), None)
            self._streams_of[person_id] -= 1
            if not self._streams_of[person_id]:
                del self._streams_of[person_id]

    def _fault(self, person_id: UUID) -> FeelbackError | None:
        text, headers = "Close some or try again later.", {"retry-after": "30"}
        if self._streams_of[person_id] >= MOST_OF_PERSON:
            return FeelbackError(429, f"You have {MOST_OF_PERSON} live screens open. {text}", headers=headers)
        if sum(len(project.streams) for project in self._projects.values()) >= MOST:
            return FeelbackError(503, f"Too many live screens are open. {text}", headers=headers)
        return None

    async def close(self) -> None:
        """End all streams and close the connection."""
        self._stopping.set()
        self._wake()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._listener.close()

    def _receive(self, channel: str, payload: str) -> None:
        """Add a notice to what is new in its project; an empty one says that any may have been missed."""
        project_id, _, number = payload.partition(" ")
        topic = TOPICS[channel] if project_id else "missed"
        for project in self._of(project_id):
            project.news[topic] += int(number) if number.isdecimal() else 1
            if project.task is None:
                project.task = asyncio.create_task(self._publish(project))

    def _of(self, project_id: str) -> list[Project]:
        if not project_id:
            return list(self._projects.values())
        return [self._projects[project_id]] if project_id in self._projects else []

    async def _publish(self, project: Project) -> None:
        """Pass on what is new: at once, then once in REST_SECONDS; unread messages are counted once for all streams."""
        while project.news and project.streams and not self._stopping.is_set():
            news, project.news = project.news, Counter()
            unread = await self._unread(project) if news["messages"] or news["missed"] else None
            for stream in list(project.streams):
                stream.add(news, unread)
            await asyncio.sleep(REST_SECONDS)
        project.task = None

    async def _unread(self, project: Project) -> int | None:
        """The number of unread messages, as the first stream's actor who may still read it; its others end."""
        for stream in list(project.streams):
            try:
                count = await stream.unread()
            except LOST:
                return None
            if count is not None:
                return count
            stream.is_over = True
            stream.event.set()
        return None

    def _wake(self) -> None:
        for project in self._projects.values():
            for stream in project.streams:
                stream.event.set()

    async def _listen(self) -> None:
        while True:
            await self._listener.wait(LISTEN_SECONDS)

    async def _end(self) -> None:
        await self._stopping.wait()
        self._wake()
