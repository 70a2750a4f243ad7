"""Starts and stops the web servers that are measured, each with the same number of workers."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app import config
from app.config import ROOT
from app.server import supervisor
from tests.programs.bench import cpu
from tests.support.settings import SECRET

START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A server that runs: where, and its processes."""

    port: int
    pids: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """What all its processes have used so far."""
        return sum(cpu.seconds(pid) for pid in self.pids)


def environment(dsn: str, workers: int, kind: str = "hypercorn") -> dict[str, str]:
    """The settings of every server here: as in production, without limits and without a scheduler of its own.

    `kind` is hypercorn or uvicorn.
    """
    return {
        "DATABASE_URL": dsn,
        "SECRET_KEY": SECRET,
        "HOST": "127.0.0.1",
        "LIMITS": "off",
        "SCHEDULER": "off",
        "LOG_LEVEL": "warning",
        "SERVER": kind,
        "WEB_CONCURRENCY": str(workers),
        "BASE_URL": "",
        "QUEUE_LIMIT": "",
    }


@contextlib.contextmanager
def ours(env: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Our server, as `serve` runs it."""
    port = free_port()
    with processes([[sys.executable, "-m", "tests.programs.bench.ours"]], {**env, "PORT": str(port)}, log) as pids:
        yield when_ready(Server(port, pids), log)


@contextlib.contextmanager
def stand_in(module: str, env: Mapping[str, str], log: Path) -> Iterator[Server]:
    """The server in the module tests.programs.bench.`module`, in as many web processes as ours.

    It gets the listening socket and SERVER as arguments.
    """
    port = free_port()
    settings = config.load({**env, "PORT": str(port)})
    with supervisor.listen(settings) as listener:
        command = [sys.executable, "-m", f"tests.programs.bench.{module}", str(listener.fileno()), env["SERVER"]]
        environment = {**env, "PORT": str(port), supervisor.DSN: env["DATABASE_URL"]}
        with processes([command] * settings.web_concurrency, environment, log, listener.fileno()) as pids:
            yield when_ready(Server(port, pids), log)


@contextlib.contextmanager
def processes(
    commands: list[list[str]], env: Mapping[str, str], log: Path, *descriptors: int
) -> Iterator[tuple[int, ...]]:
    """The ids of processes that run while the context lasts; they write to `log`."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        with log.open("wb") as file:
            for command in commands:
                started.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env={**os.environ, **env}, pass_fds=descriptors,
                        stdin=subprocess.PIPE, stdout=file, stderr=file, start_new_session=True,
                    )
                )  # fmt: skip
        yield tuple(process.pid for process in started)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def when_ready(server: Server, log: Path, path: str = "/v1/openapi.json") -> Server:
    """The server, as soon as it answers `path`.

    Raises:
        RuntimeError: it does not, within START_SECONDS; the text has the end of its log.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=2)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return server
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"A server did not answer in {START_SECONDS} s:\n{log.read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
