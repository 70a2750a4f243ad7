"""One Postgres server in one folder, its home: create it, start it, stop it.

The home contains `data`, `run` and `postgres.log`. The server accepts connections only through the socket in `run`, a
private folder.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

from app.database.embedded import programs as pgbin
from app.errors import ConfigError

SHORT = Path("/tmp")  # noqa: S108 - only for new, private folders
SOCKET_BYTES = 107 - len("/.s.PGSQL.5432")
START_SECONDS = 300  # after a crash the server first replays its write-ahead log
STOP_SECONDS = 30
LOG_BYTES = 4_194_304
NO_PROCESS = 4_194_305  # one above Linux's largest process id

OWNER = ("-U", "feelback", "-A", "trust", "-E", "UTF8", "--lc-messages=C")
OPTIONS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "jit": "off",
    # After a checkpoint, the first change of a page logs the whole page. Compressing it took 60 µs per response.
    "wal_compression": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The caller logs errors of statements: their messages may contain what a visitor typed.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

_started: list[subprocess.Popen[bytes]] = []  # so that a server that has ended is reaped


def home(folder: Path) -> Path:
    """The server's home for the data folder `folder`, created if missing: inside it, or elsewhere behind a link.

    Raises:
        ConfigError: it cannot be created, or its link is broken.
    """
    link = folder / "postgres"
    if link.is_symlink() and not link.is_dir():
        raise ConfigError(
            f"{link} points to {link.readlink()}, which does not exist. Remove the link to start without data."
        )
    if not link.exists():
        user = pgbin.account(link)
        # A new folder each time: a checkout that was deleted and cloned again must not get its old data.
        if pgbin.reachable(folder, user):
            link.mkdir(mode=0o700)
            user.own(link)
        else:
            target = Path(tempfile.mkdtemp(prefix="cluster-", dir=pgbin.system_folder()))
            user.own(target)
            link.symlink_to(target)
    return link.resolve()


def process(home: Path) -> int | None:
    """The process id of the server running in `home`, if any."""
    try:
        pid = int((home / "data/postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if Path("/proc/self/cmdline").exists():
        # The id may since belong to another process, or to one that has ended and was not reaped.
        with contextlib.suppress(OSError):
            if f"\0{home / 'data'}\0".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        return None
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, 0)
        return pid
    return None


def dsn(home: Path) -> str | None:
    """The DSN of the server in `home`, for asyncpg and psycopg; None until it accepts connections."""
    with contextlib.suppress(OSError):
        lines = (home / "data/postmaster.pid").read_text().split("\n")
        if len(lines) > 7 and lines[7].strip() == "ready" and process(home):
            return f"postgresql://feelback@/feelback?host={quote(lines[4], safe='')}&port=5432"
    return None


def start(
    home: Path, programs: str = "", options: Mapping[str, str] | None = None, *, seconds: float = START_SECONDS
) -> str:
    """Start the server in `home`, where none is running, and wait until it accepts connections: about half a second.

    `programs` is a folder of Postgres programs, or "" for the default; `options` override our server settings. It may
    take `seconds`.

    Returns: its DSN.

    Raises:
        ConfigError: there are no programs, the data is of another major version, or the server did not start.
    """
    user = pgbin.account(home)
    folder = pgbin.runnable(pgbin.find(programs), user)
    version = pgbin.version(folder, user)
    if version is None:
        raise ConfigError(f"PGBIN: {folder / 'initdb'} does not run.")
    _prepare(home, folder, version, user)
    deadline = time.monotonic() + seconds
    while True:
        _clear_stale(home)
        trim_log(home)
        with _opened(_log(home), os.O_APPEND) as log:
            log_start = log.seek(0, os.SEEK_END)
            server = _launch(home, folder, user, options or {}, log)
        while server.poll() is None and time.monotonic() < deadline:
            if ready := dsn(home):
                _started.append(server)
                return ready
            time.sleep(0.005)
        output = _log(home).read_bytes()[log_start:].decode(errors="replace")
        # The sessions of a killed server end by themselves; until then a new server refuses to start.
        if "pre-existing shared memory block" not in output or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    if server.poll() is None:
        server.send_signal(signal.SIGQUIT)
        server.wait()
    last = [line for line in output.splitlines() if "FATAL" in line or "PANIC" in line][-1:]
    raise ConfigError(f"Postgres did not start: {' '.join(last) or 'its log gives no reason'} (see {_log(home)}).")


def stop(home: Path) -> None:
    """Stop the server in `home`, if it is running: sessions are closed, committed data stays."""
    pid = process(home)
    if pid is None:
        return
    run = Path((home / "data/postmaster.pid").read_text().split("\n")[4])
    for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + seconds
        while process(home) == pid and time.monotonic() < deadline:
            time.sleep(0.005)
        if process(home) != pid:
            break
    _started[:] = [server for server in _started if server.poll() is None]
    _remove_short(run)


def trim_log(home: Path) -> None:
    """Empty the server's log if it is too long. The server may be running."""
    with contextlib.suppress(FileNotFoundError):
        if _log(home).stat().st_size > LOG_BYTES:
            _opened(_log(home), os.O_TRUNC).close()


def _prepare(home: Path, folder: Path, version: str, user: pgbin.Account) -> None:
    data, draft = home / "data", home / "data.new"
    if data.exists():
        had = (data / "PG_VERSION").read_text().strip()
        if had != version.split(".")[0]:
            raise ConfigError(
                f"The data in {data} is of Postgres {had}, but the programs in {folder} are of {version}. "
                f"Set PGBIN to the programs of Postgres {had}, or FEELBACK_DATA to a new folder."
            )
        return
    shutil.rmtree(draft, ignore_errors=True)  # left behind by a killed start
    base = [str(folder / "initdb"), "-D", str(draft), *OWNER]
    for locale in ("C.UTF-8", "C"):
        done = subprocess.run([*base, f"--locale={locale}"], cwd=home, capture_output=True, text=True, **user.popen())
        if done.returncode == 0:
            break
    else:
        raise ConfigError(f"Postgres could not create {data}: {' '.join(done.stderr.split())}")
    result = subprocess.run(
        [folder / "postgres", "--single", "-D", draft, "postgres"],
        input="create database feelback\n", cwd=home, capture_output=True, text=True, **user.popen(),
    )  # fmt: skip
    if result.returncode:
        raise ConfigError(f"Postgres could not create a database: {' '.join(result.stderr.split())}")
    draft.rename(data)


def _launch(
    home: Path, folder: Path, user: pgbin.Account, options: Mapping[str, str], log: IO[bytes]
) -> subprocess.Popen[bytes]:
    run = home / "run"
    if len(os.fsencode(run)) > SOCKET_BYTES:
        run = Path(tempfile.mkdtemp(prefix="feelback-", dir=SHORT))
    else:
        run.mkdir(mode=0o700, exist_ok=True)
    user.own(run)
    quoted = str(run).replace('"', '""')
    settings = {**OPTIONS, "unix_socket_directories": f'"{quoted}"', **options}
    return subprocess.Popen(
        [folder / "postgres", "-D", home / "data", *(f"--{name}={value}" for name, value in settings.items())],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home, start_new_session=True,
        env={"PATH": os.defpath, "LC_ALL": "C"}, **user.popen(),
    )  # fmt: skip


def _clear_stale(home: Path) -> None:
    """Remove files of a killed server that would block a start. Postgres still checks shared memory by itself."""
    path = home / "data/postmaster.pid"
    with contextlib.suppress(FileNotFoundError):
        lines = path.read_text().split("\n")
        lines[0] = str(NO_PROCESS)
        with _opened(path, os.O_TRUNC) as file:
            file.write("\n".join(lines).encode())
        if len(lines) > 4:
            _remove_short(Path(lines[4]))
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (home / "run" / name).unlink(missing_ok=True)


def _remove_short(run: Path) -> None:
    if run.parent == SHORT and run.name.startswith("feelback-"):
        shutil.rmtree(run, ignore_errors=True)


def _log(home: Path) -> Path:
    return home / "postgres.log"


def _opened(path: Path, how: int) -> IO[bytes]:
    # Root writes here, and the server's user could have placed a link.
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | how, 0o600), "wb")
