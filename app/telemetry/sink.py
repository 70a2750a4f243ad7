"""Ships log lines to LOG_SINK_URL in batches, in a thread of its own; whoever logs never waits for it.

What waits is bounded. What does not fit is dropped and counted; the count follows as a line as soon as there is room.
"""

import atexit
import contextlib
import logging
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from datetime import UTC, datetime

import msgspec

from app.telemetry.lines import event

MOST_BYTES = 4_194_304  # that wait
MOST_LINES = 500  # in a batch
PAUSE = 1.0  # in which lines gather
LONGEST_PAUSE = 60.0
TIMEOUT = 10.0
LAST_SECONDS = 3.0  # to ship the rest in, at the end
log = logging.getLogger(__name__)


class Sink(logging.Handler):
    """A handler; `template` is the body with `$events` for a JSON array, or `$lines` for one JSON object a line."""

    def __init__(self, url: str, header: str, template: str) -> None:
        super().__init__()
        self._url, self._template = url, template
        name, _, value = header.partition(":")
        kind = "application/x-ndjson" if "$lines" in template else "application/json"
        self._headers = {"Content-Type": kind, "User-Agent": "feelback", **({name: value.strip()} if header else {})}
        self._waiting: deque[bytes] = deque()
        self._bytes = self._unsent = 0
        self.dropped = self.shipped = 0
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one line for the next batch, or counts it as dropped."""
        if record.name == __name__:  # what we say of the sink cannot go through it
            return
        line = msgspec.json.encode(event(record))
        if self._bytes + len(line) > MOST_BYTES:
            self.dropped += 1
            self._unsent += 1
            return
        self._waiting.append(line)
        self._bytes += len(line)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="log sink", daemon=True)
            self._thread.start()
            atexit.register(self.close)
        self._wake.set()

    def close(self) -> None:
        """Ships what waits, for a few seconds."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(LAST_SECONDS)
        super().close()

    def _run(self) -> None:
        pause = PAUSE
        while not (self._stop.is_set() and not self._waiting):
            self._wake.wait()
            self._wake.clear()
            self._stop.wait(PAUSE)
            while self._waiting:
                batch = [self._waiting[at] for at in range(min(MOST_LINES, len(self._waiting)))]
                if self._ship(batch):
                    pause = PAUSE
                elif self._stop.wait(pause):
                    return
                else:
                    pause = min(pause * 2, LONGEST_PAUSE)
                    continue
                with self.lock or contextlib.nullcontext():
                    for line in batch:
                        self._waiting.popleft()
                        self._bytes -= len(line)
                self.shipped += len(batch)

    def _ship(self, batch: list[bytes]) -> bool:
        unsent = self._unsent
        lines = [*batch, _dropped(unsent)] if unsent else batch
        body = self._template.encode()
        body = body.replace(b"$lines", b"\n".join(lines)) if b"$lines" in body else body.replace(
            b"$events", b"[" + b",".join(lines) + b"]"
        )  # fmt: skip
        request = urllib.request.Request(self._url, body, self._headers)  # noqa: S310 - config lets only http(s) in
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
                answer.read(1000)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (408, 429) or error.code >= 500:
                log.warning("The log sink answered %d; it is tried again", error.code)
                return False
            log.error("The log sink refused %d lines with %d: look at LOG_SINK_URL", len(batch), error.code)
            self.dropped += len(batch)
            self._unsent += len(batch)
            return True
        except OSError as error:
            log.warning("The log sink is away (%s); it is tried again", type(error).__name__)
            return False
        self._unsent -= unsent
        return True


def _dropped(count: int) -> bytes:
    now = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
    message = f"{count} log lines were dropped: more came than could be shipped"
    return msgspec.json.encode({"time": now, "level": "warning", "logger": __name__, "message": message})
