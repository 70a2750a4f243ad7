"""A mail server that takes everything at once and counts: it must not be what is measured."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Sink:
    """How many mails were taken, when the last was, and how large all were."""

    def __init__(self) -> None:
        self.port, self.mails, self.octets, self.last = 0, 0, 0, 0.0

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 sink\r\n")
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    data = await reader.readuntil(b"\r\n.\r\n")
                    self.octets += len(data)
                    self.mails, self.last = self.mails + 1, time.perf_counter()
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
        finally:
            writer.close()

    async def serve(self, ready: threading.Event) -> None:
        """Takes mails until cancelled."""
        async with await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=2**22) as server:
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await server.serve_forever()


@contextmanager
def serving() -> Iterator[Sink]:
    """A sink in a thread of its own."""
    sink, ready, loop = Sink(), threading.Event(), asyncio.new_event_loop()
    task = loop.create_task(sink.serve(ready))

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    yield sink
    loop.call_soon_threadsafe(task.cancel)
    thread.join(5)
