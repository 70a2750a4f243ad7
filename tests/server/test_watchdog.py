"""A process that hangs is replaced, and a stop leaves no request without an answer."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import asyncpg
import psutil
import pytest

from app import config
from app.config import ROOT
from app.processes import heartbeat
from app.server import healthcheck
from tests.support import factories
from tests.support.load import Http, connected
from tests.support.serving import PAGE, SERVERS, Processes, free_port, serving
from tests.support.settings import SECRET

Pool = asyncpg.Pool


def children(server: Processes, command: str) -> list[psutil.Process]:
    running: list[psutil.Process] = []
    for child in psutil.Process(server.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile, or is a zombie until it is waited for
            if command in child.cmdline():
                running.append(child)
    return running


def wait_for(condition: Any, server: Processes, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, server.log.read_text()
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("command", "name"), [("_web", "Web process"), ("_work", "Worker"), ("_scheduler", "Scheduler")]
)
def test_a_frozen_process_is_replaced(database: str, command: str, name: str) -> None:
    with serving({"DATABASE_URL": database, "SCHEDULER": "on", "WORKER": "on"}) as server:
        (frozen,) = children(server, command)
        time.sleep(2)  # it has given a sign of life
        frozen.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        wait_for(lambda: [child for child in children(server, command) if child.pid != frozen.pid], server)
        print(f"{name} replaced after {time.monotonic() - started:.1f} s")
        assert f"{name} (process {frozen.pid}) does not answer and is replaced" in server.log.read_text()
        assert server.log.read_text().count("does not answer") == 1
        assert server.stop() in (0, -signal.SIGTERM)


@pytest.mark.parametrize("kind", SERVERS)
async def test_a_stop_leaves_no_request_without_an_answer(
    database: str, pool: "Pool[asyncpg.Record]", kind: str
) -> None:
    widget = await factories.widget(pool)
    acknowledged: list[str] = []
    unanswered: list[str] = []
    closing: list[str] = []
    busy = asyncio.Event()

    async def send(http: Http, stop: asyncio.Event) -> None:
        while not stop.is_set():
            visitor = str(uuid4())
            response = {"widget": widget.id, "page": PAGE, "value": "+", "visitor": visitor}
            try:
                answer = await http.send("POST", "/v1/responses", response)
            except (OSError, EOFError):
                unanswered.append(visitor)
                return
            assert answer.status == 201
            acknowledged.append(answer.json()["id"])
            if len(acknowledged) == 200:
                busy.set()
            if answer.headers.get("connection") == "close":
                closing.append(visitor)
                return

    environ = {"DATABASE_URL": database, "LIMITS": "off", "WORKER": "off", "WEB_CONCURRENCY": "2", "SERVER": kind}
    with serving(environ) as server:
        stop = asyncio.Event()
        async with Clients(server.port, 16) as connections:
            tasks = [asyncio.create_task(send(http, stop)) for http in connections]
            async with asyncio.timeout(60):
                await busy.wait()
            ended = asyncio.create_task(asyncio.to_thread(server.stop))
            await asyncio.wait(tasks, timeout=30)
            stop.set()
            assert await ended in (0, -signal.SIGTERM)
    stored = [str(row[0]) for row in await pool.fetch("select id from response where widget_id = $1", widget.id)]
    # Each request that reached a process was answered: nothing is stored of which the visitor does not know.
    assert sorted(stored) == sorted(acknowledged)
    assert len(closing) == 16, (len(closing), len(unanswered))
    assert unanswered == []


class Clients:
    """Clients with a kept-alive connection each."""

    def __init__(self, port: int, count: int) -> None:
        self._port, self._count = port, count

    async def __aenter__(self) -> list[Http]:
        self._contexts = [connected(self._port, 1) for _ in range(self._count)]
        return [await context.__aenter__() for context in self._contexts]

    async def __aexit__(self, *error: object) -> None:
        for context in self._contexts:
            await context.__aexit__(None, None, None)


@contextmanager
def forwarding(port: int, path: str) -> Iterator[None]:
    """Passes connections to a port on to a socket in the file system."""
    loop = asyncio.new_event_loop()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_unix_connection(path)
        await asyncio.gather(copy(reader, to_writer), copy(to_reader, writer))

    async def listen() -> None:
        async with await asyncio.start_server(accept, "127.0.0.1", port):
            await asyncio.Event().wait()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        connections = asyncio.all_tasks(loop)
        for connection in connections:
            connection.cancel()
        loop.run_until_complete(asyncio.gather(*connections, return_exceptions=True))
        loop.run_until_complete(asyncio.sleep(0.1))  # transports close in the next rounds
        loop.close()

    task = loop.create_task(listen())
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


@contextmanager
def waiting(database_url: str, log: Path) -> Iterator[Processes]:
    """A server that waits for its database."""
    web, names = free_port(), config.names()
    environ = {name: text for name, text in os.environ.items() if name not in names}
    with log.open("wb") as output, subprocess.Popen(
        [sys.executable, "-m", "app", "serve"], cwd=ROOT, stdout=output, stderr=output,
        env={
            **environ, "DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PORT": str(web), "SCHEDULER": "off",
            "WORKER": "off",
        },
    ) as process:  # fmt: skip
        server = Processes(web, process, log)
        try:
            wait_for(
                lambda: b"Waiting for the database at DATABASE_URL: ConnectionRefusedError" in log.read_bytes(), server
            )
            assert process.poll() is None
            yield server
        finally:
            process.kill()


def test_serve_waits_for_its_database(database: str, tmp_path: Path) -> None:
    parts, port = urlsplit(database), free_port()
    folder = parse_qs(parts.query)["host"][0]
    url = f"postgresql://feelback@127.0.0.1:{port}{parts.path}"
    with waiting(url, tmp_path / "log") as server, forwarding(port, f"{folder}/.s.PGSQL.5432"):
        wait_for(lambda: b"ready " in server.log.read_bytes(), server)
        assert server.stop() in (0, -signal.SIGTERM)


def test_a_server_that_is_killed_while_it_waits_leaves_nobody_on_its_port(tmp_path: Path) -> None:
    with waiting(f"postgresql://feelback@127.0.0.1:{free_port()}/feelback", tmp_path / "log") as server:
        server.process.kill()

        def is_free() -> bool:
            with suppress(OSError), socket.create_server(("127.0.0.1", server.port)):
                return True
            return False

        wait_for(is_free, server, 10)


def test_the_healthcheck_fits_every_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command, file = tmp_path / "cmdline", tmp_path / "heartbeat"
    for words, role in (
        (["python3", "-m", "app", "serve"], "serve"),
        (["/sbin/docker-init", "--", "python3", "-m", "app", "work"], "work"),
        (["/usr/bin/python3", "/opt/venv/bin/feelback", "scheduler"], "scheduler"),
        (["python3", "-m", "app"], ""),
    ):
        command.write_text("\0".join([*words, ""]))
        assert healthcheck.role(command) == role
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    for role in ("", "serve"):
        assert not healthcheck.is_healthy(role, file)
    assert healthcheck.is_healthy("migrate", file)
    for role in ("work", "scheduler"):
        assert not healthcheck.is_healthy(role, file)
        file.touch()
        assert healthcheck.is_healthy(role, file)
        os.utime(file, (time.time() - 60,) * 2)
        assert not healthcheck.is_healthy(role, file)
        file.unlink()


def test_a_worker_without_a_supervisor_touches_a_file(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environ = {**os.environ, "DATABASE_URL": database, "SECRET_KEY": SECRET, "TMPDIR": str(tmp_path)}
    for command in ("work", "scheduler"):
        file = tmp_path / heartbeat.FILE.name
        with subprocess.Popen([sys.executable, "-m", "app", command], cwd=ROOT, env=environ) as process:
            end = time.monotonic() + 60
            while not file.exists():
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.05)
            process.terminate()
        file.unlink()
