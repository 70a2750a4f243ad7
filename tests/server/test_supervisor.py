import asyncio
import contextlib
import dataclasses
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
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
import psutil
import psycopg
import pytest

from app import config
from app.commands import demo
from app.commands.database import with_pool
from app.config import ROOT
from app.database.embedded import cluster, postgres
from tests.support.serving import DEFAULT_SERVER


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """One data folder for all tests: each starts with what the one before left, however that ended."""
    folder = Path(tempfile.mkdtemp(prefix="feelback-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


class Server:
    """A `feelback` that serves, in its own process group as in a terminal."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process, self.port, self.output = process, port, ""

    def wait_until_ready(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.output += line
            if line.startswith("ready "):
                return
        pytest.fail(f"the server ended with {self.process.wait()} before it was ready")

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
        """Send SIGINT to the whole group, as Ctrl-C in a terminal does; returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)

    def children(self, command: str) -> list[psutil.Process]:
        processes = []
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):  # it has just ended
                if command in child.cmdline():
                    processes.append(child)
        return processes


def environment(**settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**inherited, "PGBIN": os.environ.get("TEST_PGBIN", ""), "SERVER": DEFAULT_SERVER, **settings}


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
                # So that one that does not stop fails its own test, and no other.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(60)
                process.kill()


def feelback(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=60)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def remaining(data: Path) -> list[Any]:
    """The processes that still use the data folder."""
    processes = []
    for process in psutil.process_iter(["cmdline", "status"]):
        try:
            mentions = str(data) in " ".join(process.cmdline()) or process.environ().get("FEELBACK_DATA") == str(data)
        except psutil.Error:
            continue
        if mentions and process.status() != psutil.STATUS_ZOMBIE:
            processes.append(process)
    return processes


def dsn(data: Path) -> str:
    """How to connect to the database that a server runs in the data folder."""
    with cluster.use(config.load({"FEELBACK_DATA": str(data), "PGBIN": os.environ.get("TEST_PGBIN", "")})) as dsn:
        return dsn


def soon(condition: Callable[[], Any], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(met)


def test_run_starts_everything_and_ctrl_c_stops_it(data: Path) -> None:
    with serving(data, "run", WEB_CONCURRENCY="2") as server:
        lines = server.output.strip().splitlines()
        assert lines[-1] == f"ready http://localhost:{server.port}"
        assert f"http://localhost:{server.port}/demo" in server.output
        assert server.health() == 200
        assert len(server.children("_web")) == 2
        assert len(server.children("_scheduler")) == 1
        assert len(server.children("_work")) == 1
        outputs = [feelback("demo", "--json", FEELBACK_DATA=str(data)).stdout for _ in range(2)]
        assert outputs[0] == outputs[1]
        demo = json.loads(outputs[0])
        assert f"(demo: as {demo['email']} with {demo['password']})" in server.output
        password = data / "demo_password"
        assert (password.read_text(), password.stat().st_mode & 0o777) == (demo["password"], 0o600)
        claim = feelback("claim", FEELBACK_DATA=str(data)).stdout.strip()
        assert re.fullmatch(r"http://localhost:\d+/claim/[0-9a-f]{32}", claim)
        assert claim.rpartition("/")[2] in server.output
        assert server.interrupt() == 0
    assert remaining(data) == []
    with serving(data, "run") as server:
        assert server.health() == 200
        # The password is printed once.
        assert demo["password"] not in server.output
        assert f"(demo: as {demo['email']} with the password in {password})" in server.output
        assert server.interrupt() == 0
    assert remaining(data) == []


def test_a_demo_that_cannot_be_loaded_is_a_warning(data: Path) -> None:
    with serving(data, "run", stderr=subprocess.STDOUT) as server:
        database = dsn(data)
        with closing(psycopg.connect(database, autocommit=True)) as connection:
            connection.execute("update project set slug = 'other' where slug = 'demo'")
        assert server.interrupt() == 0
    with serving(data, "run", stderr=subprocess.STDOUT) as server:
        assert "demo@feelback.example" in server.output  # whatever its project is called
        with closing(psycopg.connect(database, autocommit=True)) as connection:
            connection.execute("delete from account where is_demo")
        assert server.interrupt() == 0
    with serving(data, "run", stderr=subprocess.STDOUT) as server:
        assert "The demo is not loaded: The address is in use." in server.output
        assert "/demo" not in server.output
        with closing(psycopg.connect(database, autocommit=True)) as connection:
            connection.execute("delete from person")
        assert server.interrupt() == 0


def test_the_demo_has_a_new_password_where_none_can_be_kept(data: Path) -> None:
    settings = config.load({"FEELBACK_DATA": str(data), "PGBIN": os.environ.get("TEST_PGBIN", "")})
    nowhere = dataclasses.replace(settings, feelback_data=Path("/dev/null/nowhere"))
    with cluster.use(settings) as dsn:
        (first, _), (second, is_new) = (
            asyncio.run(with_pool(dsn, lambda pool: demo.load(pool, nowhere))) for _ in range(2)
        )
    assert is_new
    assert first.password != second.password
    assert first.widgets == second.widgets


def test_the_demo_is_for_this_machine_unless_asked_otherwise(data_folder: Path) -> None:
    with serving(data_folder, "run", HOST="0.0.0.0") as server:
        assert "/claim/" in server.output
        assert "demo" not in server.output
        assert server.interrupt() == 0
    with serving(data_folder, "run", HOST="0.0.0.0", DEMO="on") as server:
        assert "/demo" in server.output
        assert server.interrupt() == 0


def test_the_command_line_creates_nothing_in_the_demo(data: Path) -> None:
    own = {"FEELBACK_DATA": str(data)}
    feelback("demo", **own)
    assert feelback("project", "create", "My blog", **own).returncode == 0
    with serving(data) as server, closing(psycopg.connect(dsn(data))) as connection:
        rows = connection.execute(
            "select p.slug, a.is_demo from project as p join account as a on a.id = p.account_id order by 1"
        )
        assert rows.fetchall() == [("demo", True), ("my-blog", False)]
        assert f"http://localhost:{server.port}/claim/" in server.output
        link = feelback("link", "ann@example.com", "--create", **own)
        assert link.returncode == 0
    with serving(data) as server:  # who is signed up on the console of a fresh installation has claimed it
        assert "/claim" not in server.output
    assert feelback("operator", **own).stdout == "ann@example.com\n"
    claim = feelback("claim", **own)
    assert (claim.returncode, claim.stdout) == (1, "")
    assert "has been claimed already" in claim.stderr


def test_a_claim_token_of_the_environment_is_not_printed(data_folder: Path) -> None:
    with serving(data_folder, CLAIM_TOKEN="only-for-tests-0123") as server:
        assert "Start here, with CLAIM_TOKEN, " in server.output
        assert f"  http://localhost:{server.port}/claim\n" in server.output
        assert "only-for-tests-0123" not in server.output
        url = f"http://localhost:{server.port}/claim/only-for-tests-0123"
        with urllib.request.urlopen(url, timeout=10) as response:
            assert response.status == 200
        request = urllib.request.Request(url, headers={"Host": "rebind.evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code == 421
        refused.value.close()
        assert server.interrupt() == 0


def test_a_first_start_prints_progress_and_addresses(data_folder: Path) -> None:
    with serving(data_folder, "run") as server:
        lines = server.output.strip().splitlines()
        assert lines[:3] == [
            "Creating the database",
            "Migrating the database to this version's schema",
            "Loading the demo",
        ]
        assert len(lines) <= 13  # 15 with the two that make prints while it installs
        assert str(postgres.home(data_folder)) in server.output
        addresses = re.findall(r"http://\S+", server.output)
        code = addresses[3].rpartition("/")[2]
        assert len(code) == 32
        assert [address.partition(str(server.port))[2] for address in addresses] == [
            "/sign-in", "/demo", "/v1/openapi.json", f"/claim/{code}", "",
        ]  # fmt: skip
        for address in addresses:
            with urllib.request.urlopen(address, timeout=10) as response:
                assert response.status == 200
        assert server.interrupt() == 0


def test_repeated_sigterm_ends_it_quietly(data: Path) -> None:
    # As `make` does, which sends the signal again to its process group.
    with serving(data, "run", stderr=subprocess.STDOUT) as server:
        for _ in range(5):
            os.killpg(server.process.pid, signal.SIGTERM)
            time.sleep(0.1)
        assert server.process.wait(30) == 0
        assert server.process.stdout
        assert server.process.stdout.read() == ""
    assert remaining(data) == []


def test_sigterm_ends_a_start_and_leaves_no_database_running(data_folder: Path) -> None:
    environ = environment(FEELBACK_DATA=str(data_folder), PORT=str(free_port()))
    with subprocess.Popen(
        [sys.executable, "-m", "app", "run"], cwd=ROOT, env=environ,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "Creating the database\n"
        assert process.stdout.readline().startswith("Migrating")
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(30) == 130
        assert process.stdout.read() == ""
    assert remaining(data_folder) == []


def test_the_demo_is_not_loaded_into_an_own_database(empty_database: str) -> None:
    own = {"DATABASE_URL": empty_database, "SECRET_KEY": "s" * 32}
    with serving(Path("not used"), "run", **own) as server:
        assert "demo@" not in server.output
        assert "/demo" not in server.output
        assert server.interrupt() == 0
    with closing(psycopg.connect(empty_database)) as connection:
        assert connection.execute("select count(*) from account").fetchone() == (0,)


def test_requests_in_progress_are_answered_before_it_stops(data: Path) -> None:
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
    assert remaining(data) == []


def test_killed_processes_are_restarted(data: Path) -> None:
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
    assert remaining(data) == []


def test_a_killed_server_can_be_started_again(data: Path) -> None:
    with serving(data) as server:
        server.process.kill()
        assert soon(lambda: remaining(data) == [])
    with serving(data):
        for process in remaining(data):  # all at once, so that nothing is cleaned up
            with contextlib.suppress(psutil.Error):  # a child ends by itself when it sees that its parent has
                process.kill()
    with serving(data) as server:
        assert server.health() == 200
        assert server.interrupt() == 0
    assert remaining(data) == []


def test_a_busy_port_is_one_line(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        for command in ("run", "serve"):
            process = feelback(command, FEELBACK_DATA=str(data), PORT=str(port))
            assert process.returncode == 2
            assert process.stderr.splitlines() == [
                f"Error: PORT: {port} is in use: stop what uses it, or set PORT to another."
            ]


def test_wrong_settings_are_one_line_each(data: Path) -> None:
    process = feelback("serve", FEELBACK_DATA=str(data), PORT="eighty", LIMITS="some")
    assert process.returncode == 2
    assert [line.split(":")[:2] for line in process.stderr.splitlines()] == [["Error", " PORT"], ["Error", " LIMITS"]]
    process = feelback("serve", FEELBACK_DATA=str(data), PORT=str(free_port()), HOST="192.0.2.1")
    assert (process.returncode, process.stderr) == (2, "Error: HOST: 192.0.2.1 is not an address of this machine.\n")


def test_an_own_database_must_be_migrated(empty_database: str) -> None:
    own = {"DATABASE_URL": empty_database, "SECRET_KEY": "s" * 32, "PORT": str(free_port())}
    process = feelback("serve", **own)
    assert process.returncode == 2
    assert process.stderr.splitlines() == [
        "Error: DATABASE_URL: the database has another version's schema: run `feelback migrate`."
    ]
    assert feelback("migrate", **own).returncode == 0
    again = feelback("migrate", **own)
    assert (again.returncode, again.stdout) == (0, "0 migrations applied, functions unchanged\n")


def test_every_command_has_a_help_text() -> None:
    from app.__main__ import cli

    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command, name
        if not command.hidden:
            assert len(command.help or "") > 30, name
    process = feelback("serve", "--help", PORT="not read for a help text")
    assert process.returncode == 0
    assert "SCHEDULER=off" in process.stdout
