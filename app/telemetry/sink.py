"""Sends log lines to LOG_SINK_URL in batches, in its own thread, so that logging never waits.

The queue is bounded. Lines that do not fit are dropped and counted; the next batch includes the count as a line.
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

MOST_BYTES = 4_194_304  # in the queue
MOST_LINES = 500  # in a batch
PAUSE = 1.0  # seconds to collect a batch
LONGEST_PAUSE = 60.0
TIMEOUT = 10.0
LAST_SECONDS = 3.0  # to send waiting lines at exit
log = logging.getLogger(__name__)


class Sink(logging.Handler):
    """A log handler. `template` is the body: `$events` becomes a JSON array, `$lines` one JSON object per line."""

    def __init__(self, url: str, header: str, template: str) -> None:
        super().__init__()
        self._url, self._template = url, template
        name, _, value = header.partition(":")
        kind = "application/x-ndjson" if "$lines" in template else "application/json"
        self._headers = {"Content-Type": kind, "User-Agent": "feelback", **({name: value.strip()} if header else {})}
        self._waiting: deque[bytes] = deque()
        self._bytes = self._unsent = 0
        self.dropped = self.sent_lines = 0
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Queue one line for the next batch, or count it as dropped."""
        if record.name == __name__:  # our own lines would feed back
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
        """Send waiting lines, for up to LAST_SECONDS."""
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
                if self._send(batch):
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
                self.sent_lines += len(batch)

    def _send(self, batch: list[bytes]) -> bool:
        unsent = self._unsent
        lines = [*batch, _dropped(unsent)] if unsent else batch
        body = self._template.encode()
        body = body.replace(b"$lines", b"\n".join(lines)) if b"$lines" in body else body.replace(
            b"$events", b"[" + b",".join(lines) + b"]"
        )  # fmt: skip
        request = urllib.request.Request(self._url, body, self._headers)  # noqa: S310 - config allows only http(s)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
                answer.read(1000)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (408, 429) or error.code >= 500:
                log.warning("The log sink answered %d; trying again", error.code)
                return False
            log.error("The log sink refused %d lines with %d: check LOG_SINK_URL", len(batch), error.code)
            self.dropped += len(batch)
            self._unsent += len(batch)
            return True
        except OSError as error:
            log.warning("The log sink is unavailable (%s); trying again", type(error).__name__)
            return False
        self._unsent -= unsent
        return True


def _dropped(count: int) -> bytes:
    now = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
    message = f"{count} log lines were dropped"
    return msgspec.json.encode({"time": now, "level": "warning", "logger": __name__, "message": message})
