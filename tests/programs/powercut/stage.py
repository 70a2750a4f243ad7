"""A Postgres whose data is on the disk that loses, and copies of what a power cut would leave of it."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from app.config import ROOT
from app.database import upkeep
from app.database.embedded import programs as pgbin
from tests.support.history import Stored
from tests.support.standby import Server
from tests.support.visitors import STORED

INITDB = ("-U", "feelback", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--wal-segsize=1", "--data-checksums")
# Small, so that a copy is quick; and busy with checkpoints, segments and evicted pages, so that each cut meets some.
OPTIONS = {
    "fsync": "on", "full_page_writes": "on", "autovacuum": "on", "autovacuum_naptime": "5s", "shared_buffers": "4MB",
    "min_wal_size": "2MB", "max_wal_size": "8MB", "wal_keep_size": "0", "checkpoint_timeout": "30s",
    "bgwriter_delay": "50ms",
}  # fmt: skip
# A copy needs no fsync: nothing cuts it off again.
COPY = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB", "wal_keep_size": "0"}


class Stage:
    """`database` runs on the disk mounted at its data folder, once `mount` was called."""

    def __init__(self, folder: Path, options: Mapping[str, str]) -> None:
        self._folder, self._user = folder, pgbin.account(folder / "database")
        self._programs = pgbin.find("")
        if pgbin.version(self._programs, self._user) is None:
            self._programs = pgbin.copied(self._programs)
        self.database = self._server("database", {**OPTIONS, **options})
        self._copies = 0
        self._disk: subprocess.Popen[bytes] | None = None

    @contextlib.contextmanager
    def prepared(self) -> Iterator[str]:
        """Create the database on an ordinary disk, and give its DSN while it runs there."""
        server = self._server("ordinary", COPY)
        server.program("initdb", "-D", server.data, *INITDB)
        server.start()
        try:
            yield server.url
        finally:
            server.stop()

    def mount(self) -> None:
        """Mount the disk, with the database on it, and start Postgres."""
        data = self.database.data
        data.mkdir()
        command = [sys.executable, "-m", "tests.programs.powercut.mount", self._folder / "ordinary/data", data]
        self._disk = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while not data.is_mount():
            assert self._disk.poll() is None, "the disk could not be mounted"
            assert time.monotonic() < end
            time.sleep(0.05)
        self.database.start()

    def close(self) -> None:
        """End all that runs, and unmount."""
        self.database.kill()
        subprocess.run(["fusermount3", "-u", "-z", self.database.data], check=False)
        if self._disk is not None:
            self._disk.wait(30)

    def unsynced(self) -> tuple[int, int]:
        """How many pages of files, and changes of directories, a power cut could take now."""
        pages, changes = os.getxattr(self.database.data, "user.unsynced").split()
        return int(pages), int(changes)

    def copy(self, seed: int) -> Path:
        """A new folder, which will have what a power cut in this moment would leave."""
        self._copies += 1
        folder = self._folder / f"copy-{self._copies}"
        folder.mkdir(mode=0o700)
        self._user.own(folder)
        os.setxattr(self.database.data, "user.cut", f"{seed} {folder / 'data'}".encode())
        return folder

    def cut(self, seed: int) -> None:
        """Cut the power: Postgres is dead, and its disk has what survived."""
        self.database.kill()
        os.setxattr(self.database.data, "user.cut", str(seed).encode())

    def fail(self, number: int, probability: float) -> int:
        """Let that share of writes and syncs fail with an errno; returns how many have failed so far."""
        os.setxattr(self.database.data, "user.fail", f"{number} {probability}".encode())
        return int(os.getxattr(self.database.data, "user.failures"))

    def revive(self) -> None:
        """Start Postgres again, if it has ended or does not answer."""
        try:
            self.database.ask("select 1")
        except psycopg.Error:
            self.database.kill()
            self.database.start()

    def recovered(self, folder: Path) -> tuple[list[Stored], list[str]]:
        """The responses in a copy after Postgres has recovered it, and what is wrong with it besides."""
        end = time.monotonic() + 60
        while not (folder / "data").exists():
            assert time.monotonic() < end, "the copy was not written"
            time.sleep(0.01)
        (folder / "data/postmaster.pid").unlink(missing_ok=True)  # of the server that goes on
        server = self._server(folder.name, COPY)
        try:
            try:
                server.start()
            except AssertionError as error:
                lines = str(error).strip().splitlines()
                reasons = [line for line in lines if "PANIC" in line or "FATAL" in line] or lines[-1:]
                return [], [f"Postgres did not recover: {' '.join(reasons[-1:])}"]
            rows, wrong = inspect(server.url)
            server.stop()
            try:
                server.program("pg_checksums", "--check", "-D", server.data)
            except subprocess.CalledProcessError as error:
                wrong.append(f"torn pages: {error.stderr.decode().strip().splitlines()[-1]}")
            return rows, wrong
        except (psycopg.Error, subprocess.CalledProcessError) as error:
            return [], [f"the recovered database cannot be used: {error}"]
        finally:
            server.kill()
            shutil.rmtree(folder, ignore_errors=True)

    def _server(self, name: str, options: Mapping[str, str]) -> Server:
        return Server(self._folder / name, self._programs, self._user, options)


def inspect(dsn: str) -> tuple[list[Stored], list[str]]:
    """The responses in a database, and whether its counts are right."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        rows = [Stored(*row) for row in connection.execute(STORED.encode()).fetchall()]
    differed = upkeep.reconcile(dsn).differed
    return rows, [f"{differed} counts differ from their rows"] if differed else []
