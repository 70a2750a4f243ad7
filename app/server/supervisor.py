"""One listening socket and its child processes: web processes, scheduler and worker, restarted when they end or hang.

Each child has its own session, so that Ctrl-C reaches only the supervisor, which lets the children finish.
"""

import contextlib
import errno
import logging
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator

from app.config import Settings, child_environ
from app.database import functions
from app.database.embedded import cluster
from app.errors import ConfigError
from app.fly import machines
from app.processes.stop_request import StopRequest
from app.server import healthcheck
from app.server.children import STOP_SECONDS, Child, Children

log = logging.getLogger(__name__)
DSN = "FEELBACK_DSN"  # the database for a child: every user of the machine can see arguments
LOOK_SECONDS = 0.4  # between two looks at the children; each takes half a millisecond of CPU
MOST_FAILURES = 3  # before the first answer; later ones are restarted without limit


def listen(settings: Settings) -> socket.socket:
    """Open the socket that all web processes share.

    Raises:
        ConfigError: the port is in use or not allowed, or the host is not of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError:
        raise ConfigError(f"HOST: {settings.host} is not an address to listen on.") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(f"PORT: {settings.port} is in use: stop what uses it, or set PORT to another.") from None
        if error.errno == errno.EACCES:
            raise ConfigError(f"PORT: {settings.port} is not allowed for this user: set PORT to another.") from None
        raise ConfigError(f"HOST: {settings.host} is not an address of this machine.") from None
    return listener


def serve(settings: Settings, dsn: str, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Run web processes, the scheduler and the worker until SIGINT or SIGTERM, then let them finish.

    `on_ready` is called once, from another thread, when a web process has answered.

    Raises:
        ConfigError: no web process could start.
    """
    stop, ready = StopRequest(), threading.Event()
    web = ["_web", "--fd", str(listener.fileno())]
    children = [Child([*web, "--slot", str(slot)]) for slot in range(settings.web_concurrency)]
    if settings.scheduler:
        children.append(Child(["_scheduler"]))
    if settings.worker:
        children.append(Child(["_wake" if machines.is_set_up(settings) else "_work"]))

    host, port = listener.getsockname()[:2]

    def announce() -> None:
        while not (stop.is_made() or ready.is_set()):
            if healthcheck.answers(host, port, timeout=2):
                ready.set()
                on_ready()
            time.sleep(0.02)

    def check(child: Child) -> None:
        if child.is_web and child.failures >= MOST_FAILURES and not ready.is_set():
            raise ConfigError("The web process ends as soon as it starts. Its log is above.")

    with _signals(stop), _lifeline() as lifeline, _metrics_folder(settings) as metrics:
        environ = {**child_environ(), DSN: dsn, functions.ENVIRON: functions.schema(), **metrics}
        processes = Children(children, lifeline, [listener.fileno()], environ)
        try:
            threading.Thread(target=announce, name="announce", daemon=True).start()
            while not stop.is_made():
                # Polling, since both the children and the database may end.
                cluster.revive(settings)
                processes.keep(check, is_new=not ready.is_set())
                stop.wait(LOOK_SECONDS)
        finally:
            stop.make()
            # The web processes close theirs: then nobody can connect any more.
            listener.close()
            processes.stop()


def interrupt_on_sigterm() -> None:
    """Make the first SIGTERM raise KeyboardInterrupt, so that this process stops its database before it ends."""

    def interrupt(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def watch_parent() -> None:
    """Send this process SIGTERM when the supervisor ends, and kill it if it does not stop in time.

    The supervisor holds the other end of standard input, which closes however the supervisor ends.
    """

    def watch() -> None:
        os.read(0, 1)
        timer = threading.Timer(STOP_SECONDS, os._exit, [1])
        timer.daemon = True
        timer.start()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@contextlib.contextmanager
def _lifeline() -> Iterator[int]:
    # The children's standard input. It closes when this process ends, even if it is killed.
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


@contextlib.contextmanager
def _metrics_folder(settings: Settings) -> Iterator[dict[str, str]]:
    """The environment for metrics that web processes share: a folder only for this user, deleted when they end."""
    if not settings.metrics_token:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="feelback-metrics-") as folder:  # mode 0700
        yield {"PROMETHEUS_MULTIPROC_DIR": folder}


@contextlib.contextmanager
def _signals(stop: StopRequest) -> Iterator[None]:
    def handle(number: int, frame: object) -> None:
        if not stop.is_made():
            stop.make()
        # A second Ctrl-C means: do not wait for the children. A second SIGTERM is ignored: make sends one again that
        # the whole process group has received already.
        elif number == signal.SIGINT:
            raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, handle) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            repeated = stop.is_made() and number != signal.SIGINT
            signal.signal(number, signal.SIG_IGN if repeated else handler)
