import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from app.config import ROOT
from app.database.embedded import postgres


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """One data folder for all: so each test starts on what the one before left, however it ended."""
    folder = Path(tempfile.mkdtemp(prefix="feelback-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


class Server:
    """A `feelback` that serves, in a process group of its own as in a terminal."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process, self.port, self.told = process, port, ""

    def wait_until_ready(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.told += line
            if line.startswith("ready "):
                return
        pytest.fail(f"it ended with {self.process.wait()} before it was ready")

    def health(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def interrupt(self) -> int:
        """Ctrl-C: the terminal signals the whole group. The exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)

    def children(self, command: str) -> list[psutil.Process]:
        found = []
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):  # it has just ended
                if command in child.cmdline():
                    found.append(child)
        return found


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "PGBIN": os.environ.get("TEST_PGBIN", ""), **settings}


@contextmanager
def serving(data: Path, command: str = "serve", stderr: int | None = None, **settings: str) -> Iterator[Server]:
    port = free_port()
    env = environment(FEELBACK_DATA=str(data), PORT=str(port), **settings)
    with subprocess.Popen(
        [sys.executable, "-m", "app", command], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=stderr, text=True,
        process_group=0,
    ) as process:  # fmt: skip
        server = Server(process, port)
        try:
            server.wait_until_ready()
            yield server
        finally:
            if process.poll() is None:
                process.terminate()


def feelback(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=60)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def left(data: Path) -> list[Any]:
    """The processes that still have to do with the data folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        try:
            mentions = str(data) in " ".join(process.cmdline()) or process.environ().get("FEELBACK_DATA") == str(data)
        except psutil.Error:
            continue
        if mentions and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def soon(condition: Callable[[], Any], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(met)


def test_it_brings_everything_up_and_ctrl_c_takes_everything_down(data: Path) -> None:
    with serving(data, "run", WEB_CONCURRENCY="2") as server:
        lines = server.told.strip().splitlines()
        assert lines[-1] == f"ready http://localhost:{server.port}"
        assert f"http://localhost:{server.port}/demo" in server.told
        assert server.health() == 200
        assert len(server.children("_web")) == 2
        assert len(server.children("_scheduler")) == 1
        assert len(server.children("_work")) == 1
        told = [feelback("demo", "--json", FEELBACK_DATA=str(data)).stdout for _ in range(2)]
        assert told[0] == told[1]
        assert json.loads(told[0])["email"] in server.told
        assert server.interrupt() == 0
    assert left(data) == []
    with serving(data, "run") as server:
        assert server.health() == 200
        assert server.interrupt() == 0
    assert left(data) == []


def test_a_first_start_says_what_takes_long_and_where_to_look(data_folder: Path) -> None:
    with serving(data_folder, "run") as server:
        lines = server.told.strip().splitlines()
        assert lines[:3] == [
            "Creating a database",
            "Migrating the database to this version's schema",
            "Loading the demo",
        ]
        assert len(lines) <= 12
        assert str(postgres.home(data_folder)) in server.told
        addresses = re.findall(r"http://\S+", server.told)
        assert [address.partition(str(server.port))[2] for address in addresses] == [
            "/sign-in", "/demo", "/v1/openapi.json", "",
        ]  # fmt: skip
        for address in addresses:
            with urllib.request.urlopen(address, timeout=10) as response:
                assert response.status == 200
        assert server.interrupt() == 0


def test_sigterm_ends_it_as_quietly_as_ctrl_c_however_often_it_comes(data: Path) -> None:
    # As `make` does: it passes on the signal that its whole process group has had.
    with serving(data, "run", stderr=subprocess.STDOUT) as server:
        for _ in range(5):
            os.killpg(server.process.pid, signal.SIGTERM)
            time.sleep(0.1)
        assert server.process.wait(30) == 0
        assert server.process.stdout
        assert server.process.stdout.read() == ""
    assert left(data) == []


def test_sigterm_ends_a_start_and_leaves_no_database_running(data_folder: Path) -> None:
    environ = environment(FEELBACK_DATA=str(data_folder), PORT=str(free_port()))
    with subprocess.Popen(
        [sys.executable, "-m", "app", "run"], cwd=ROOT, env=environ,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "Creating a database\n"
        assert process.stdout.readline().startswith("Migrating")
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(30) == 130
        assert process.stdout.read() == ""
    assert left(data_folder) == []


def test_it_does_not_load_the_demo_into_a_database_of_ones_own(empty_database: str) -> None:
    own = {"DATABASE_URL": empty_database, "SECRET_KEY": "s" * 32}
    with serving(Path("not used"), "run", **own) as server:
        assert "feelback-demo" not in server.told
        assert "/demo" not in server.told
        assert server.interrupt() == 0
    with closing(psycopg.connect(empty_database)) as connection:
        assert connection.execute("select count(*) from account").fetchone() == (0,)


def test_it_answers_what_it_had_begun_before_it_stops(data: Path) -> None:
    with serving(data, SCHEDULER="off", WORKER="off") as server:
        assert server.children("_scheduler") == server.children("_work") == []
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            parts = b'{"half" of', b" it, and broken}"
            head = "POST /v1/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            client.sendall(f"{head}content-length: {len(b''.join(parts))}\r\n\r\n".encode() + parts[0])
            time.sleep(0.3)
            os.killpg(server.process.pid, signal.SIGINT)
            time.sleep(0.3)
            client.sendall(parts[1])
            assert client.recv(1000).startswith(b"HTTP/1.1 4")
            assert server.process.wait(5) == 0
    assert left(data) == []


def test_it_restarts_what_was_killed(data: Path) -> None:
    with serving(data) as server:
        for command in ("_web", "_scheduler", "_work"):
            (child,) = server.children(command)
            child.kill()
            assert soon(lambda was=child, what=command: [c for c in server.children(what) if c.pid != was.pid])
        assert soon(lambda: server.health() == 200)
        database = postgres.process(postgres.home(data))
        assert database
        os.kill(database, signal.SIGKILL)
        assert soon(lambda: postgres.dsn(postgres.home(data)))
        assert soon(lambda: server.health() == 200)
        assert server.interrupt() == 0
    assert left(data) == []


def test_it_leaves_nothing_that_breaks_the_next_when_it_is_killed(data: Path) -> None:
    with serving(data) as server:
        server.process.kill()
        assert soon(lambda: left(data) == [])
    with serving(data):
        for process in left(data):  # all at once, and nobody to clean up
            process.kill()
    with serving(data) as server:
        assert server.health() == 200
        assert server.interrupt() == 0
    assert left(data) == []


def test_it_says_in_one_line_that_the_port_is_busy(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        for command in ("run", "serve"):
            done = feelback(command, FEELBACK_DATA=str(data), PORT=str(port))
            assert done.returncode == 2
            assert done.stderr.splitlines() == [
                f"Error: PORT: {port} is in use: stop what uses it, or set PORT to another."
            ]


def test_it_says_in_one_line_each_what_is_wrong_with_the_settings(data: Path) -> None:
    done = feelback("serve", FEELBACK_DATA=str(data), PORT="eighty", LIMITS="some")
    assert done.returncode == 2
    assert [line.split(":")[:2] for line in done.stderr.splitlines()] == [["Error", " PORT"], ["Error", " LIMITS"]]
    done = feelback("serve", FEELBACK_DATA=str(data), PORT=str(free_port()), HOST="192.0.2.1")
    assert (done.returncode, done.stderr) == (2, "Error: HOST: 192.0.2.1 is not an address of this machine.\n")


def test_it_asks_for_the_schema_of_a_database_of_ones_own(empty_database: str) -> None:
    own = {"DATABASE_URL": empty_database, "SECRET_KEY": "s" * 32, "PORT": str(free_port())}
    done = feelback("serve", **own)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "Error: DATABASE_URL: the database is not at this version's schema: run `feelback migrate`."
    ]
    assert feelback("migrate", **own).returncode == 0
    again = feelback("migrate", **own)
    assert (again.returncode, again.stdout) == (0, "0 migrations applied, functions unchanged\n")


def test_every_command_has_a_help_text() -> None:
    from app.__main__ import cli

    for name, command in cli.commands.items():
        if not command.hidden:
            assert len(command.help or "") > 30, name
    done = feelback("serve", "--help", PORT="not read for a help text")
    assert done.returncode == 0
    assert "SCHEDULER=off" in done.stdout
