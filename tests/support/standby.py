"""A primary and its synchronous standby, from the same programs, on ports of this machine."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psutil
import psycopg

from app.database.embedded import programs as pgbin
from tests.support.serving import free_port

OPTIONS = {"wal_keep_size": "256MB", "max_wal_senders": "4", "jit": "off", "autovacuum": "off", "fsync": "on"}


class Server:
    """A Postgres in its own folder; its programs run as a user that may run them."""

    def __init__(
        self,
        folder: Path,
        programs: Path,
        user: pgbin.Account,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self.data, self._programs, self._user = folder / "data", programs, user
        self._options = {**OPTIONS, **(options or {})}
        self._run, self._log = folder / "run", folder / "log"
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        for path in (folder, self._run):
            path.mkdir(mode=0o700, exist_ok=True)
            user.own(path)

    @property
    def place(self) -> str:
        """Its host and port, as in a URL."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The owner's DSN."""
        return f"postgresql://feelback@{self.place}/postgres"

    def program(self, name: str, *arguments: str | Path) -> None:
        """Run a program and wait for it."""
        command = [self._programs / name, *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self._user.popen())

    def start(self, application: str = "") -> None:
        """Start it and wait until it accepts connections; a standby names itself to its primary."""
        options = {
            **self._options,
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self._run),
        }
        if application:
            options["cluster_name"] = application  # its name at the primary
        end = time.monotonic() + 60
        while not self._launched(options, end):
            time.sleep(0.1)

    def _launched(self, options: dict[str, str], end: float) -> bool:
        size = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, *(f"--{name}={text}" for name, text in options.items())],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                env={"PATH": os.defpath, "LC_ALL": "C"}, **self._user.popen(),
            )  # fmt: skip
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return True
            except psycopg.OperationalError:
                output = self._log.read_text()[size:]
                if self._process.poll() is not None and "pre-existing shared memory block" in output:
                    return False  # sessions of a killed server end by themselves
                assert self._process.poll() is None, output
                assert time.monotonic() < end, output
                time.sleep(0.05)

    def ask(self, *statements: str) -> object:
        """The first value of the last statement."""
        with closing(psycopg.connect(self.url, autocommit=True)) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def stop(self) -> None:
        """Stop it as for a restart."""
        self.program("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w")
        assert self._process is not None
        self._process.wait(60)
        self._process = None

    def kill(self) -> None:
        """Kill all its processes at once, like a power cut, if it runs; then none of them can write any more."""
        if self._process is None:
            return
        killed = []
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self._process.pid)
            parent.suspend()  # it starts no other one meanwhile
            for process in [parent, *parent.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
                    killed.append(process)
        self._process.wait()
        _, alive = psutil.wait_procs(killed, timeout=30)
        assert not alive, alive
        self._process.wait()


@contextlib.contextmanager
def pair(programs: Path) -> Iterator[tuple[Server, Server]]:
    """A primary that commits nothing its standby does not have, and the standby."""
    folder = Path(tempfile.mkdtemp(prefix="feelback-test-"))
    folder.chmod(0o755)
    user = pgbin.account(folder / "primary")
    primary, standby = (Server(folder / name, programs, user) for name in ("primary", "standby"))
    try:
        primary.program("initdb", "-D", primary.data, "-U", "feelback", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        primary.start()
        standby.program(
            "pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "feelback", "-D", standby.data, "-R"
        )
        standby.start("standby")
        primary.ask("alter system set synchronous_standby_names = 'standby'", "select pg_reload_conf()")
        end = time.monotonic() + 30
        while primary.ask("select sync_state from pg_stat_replication") != "sync":
            assert time.monotonic() < end
            time.sleep(0.05)
        yield primary, standby
    finally:
        for server in (primary, standby):
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)
