"""`make reset-storm`: how long /healthz takes another address while one opens requests and resets them at once.

Two attacks of eight seconds, and 7,300 requests at least: HTTP/2 streams by prior knowledge, on a new connection
whenever the server has refused one; and HTTP/1.1 requests for a search of the documentation, each on a connection of
its own. The goal is that the first leaves a p99 within twice that of an idle server. As an attacker takes one of the
machine's cores, whatever the server does, the same is measured beside a process that only computes, and beside one that
asks for the same pages and waits for each.
"""

import contextlib
import multiprocessing
import os
import shutil
import socket
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h2.connection

from app import config
from app.database import migrate
from app.database.embedded import cluster
from app.server import resets
from tests.support.serving import serving
from tests.support.settings import SECRET

Counter = Any  # a number that two processes share
COUNT = 7300
SECONDS = 8
SEARCH = b"GET /docs/search?q=a HTTP/1.1\r\nhost: localhost\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"
HEADERS = [(":method", "GET"), (":path", "/docs/search?q=a"), (":authority", "localhost"), (":scheme", "http")]
ATTACKER = "127.0.0.2"
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: close() sends RST


def reset_streams(port: int, sent: Counter) -> None:
    """HTTP/2 streams, each reset at once."""
    end = time.monotonic() + SECONDS
    while sent.value < COUNT or time.monotonic() < end:
        sent.value += 1  # so that one whose connection is refused counts, too
        with contextlib.suppress(OSError), connection(port, ATTACKER) as attack:
            client = h2.connection.H2Connection()
            client.initiate_connection()
            attack.sendall(client.data_to_send())
            for _ in range(100):
                stream = client.get_next_available_stream_id()
                client.send_headers(stream, HEADERS, end_stream=True)
                client.reset_stream(stream)
                attack.sendall(client.data_to_send())
                sent.value += 1


def reset_requests(port: int, sent: Counter) -> None:
    """HTTP/1.1 requests, each on a connection that is reset at once."""
    end = time.monotonic() + SECONDS
    while sent.value < COUNT or time.monotonic() < end:
        sent.value += 1
        with contextlib.suppress(OSError), connection(port, ATTACKER) as attack:
            attack.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            attack.sendall(SEARCH)


def whole_requests(port: int, sent: Counter) -> None:
    """The same requests, each answered."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        sent.value += 1
        with contextlib.suppress(OSError), connection(port, ATTACKER) as client:
            client.sendall(SEARCH.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))
            while client.recv(65536):
                pass


def nothing(port: int, sent: Counter) -> None:
    """Nothing: an idle server."""
    time.sleep(SECONDS)


def computing(port: int, sent: Counter) -> None:
    """A process that takes a core and asks for nothing."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        h2.connection.H2Connection().initiate_connection()


def connection(port: int, source: str) -> socket.socket:
    """A connection from another of this machine's addresses."""
    return socket.create_connection(("127.0.0.1", port), 10, (source, 0))


def milliseconds(port: int) -> float:
    """How long one /healthz takes on a connection of its own."""
    start = time.perf_counter()
    with connection(port, "127.0.0.3") as monitor:
        monitor.sendall(HEALTH)
        while not monitor.recv(4096).endswith(b"ok\n"):
            pass
    return 1000 * (time.perf_counter() - start)


def measured(attack: Callable[[int, Counter], None], port: int) -> float:
    """Run the attack; print how long /healthz takes meanwhile, and return its p99 in milliseconds."""
    context = multiprocessing.get_context("fork")
    sent = context.Value("i", 0, lock=False)
    started = time.monotonic()
    process = context.Process(target=attack, args=(port, sent))
    process.start()
    times = []
    while process.is_alive():
        times.append(milliseconds(port))
        time.sleep(0.01)
    p99 = statistics.quantiles(times, n=100)[98]
    rate = sent.value / (time.monotonic() - started)
    print(
        f"median {statistics.median(times):5.1f} ms, p99 {p99:5.1f} ms, longest {max(times):5.1f} ms of {len(times):4}"
        f" requests for /healthz beside {rate:6,.0f} a second: {attack.__doc__}"
    )
    return p99


@contextlib.contextmanager
def database() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="feelback-reset-"))
    folder.chmod(0o755)
    try:
        settings = config.load({"FEELBACK_DATA": str(folder), "PGBIN": os.environ.get("PGBIN", "")})
        with cluster.use(settings) as dsn:
            migrate.apply(dsn, secret=SECRET)
            yield dsn
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    environ = {"WORKER": "off", "TRUSTED_PROXIES": "192.0.2.0/24"}
    with database() as dsn, serving({**environ, "DATABASE_URL": dsn}) as server:
        for _ in range(50):
            milliseconds(server.port)
        idle = measured(nothing, server.port)
        busy = measured(computing, server.port)
        measured(whole_requests, server.port)
        time.sleep(1)
        storms = []
        for attack in (reset_streams, reset_requests):
            storms.append(measured(attack, server.port))
            time.sleep(resets.SECONDS + 1)  # until the attacker's address is served again
    for storm in storms:
        print(f"× {storm / idle:.1f} of an idle server's p99, × {storm / busy:.1f} of one beside a process as busy")
    is_reached = storms[0] <= 2 * idle
    print("reached" if is_reached else "not reached: twice the p99 of an idle server")
    return not is_reached


if __name__ == "__main__":
    sys.exit(main())
