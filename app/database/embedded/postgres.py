"""One Postgres server in one folder, its home: make it, start it, stop it.

The home holds `data`, `run` and `postgres.log`; the socket in `run` is the only way in, and `run` is private.
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

SHORT = Path("/tmp")  # noqa: S108 - only for new, private folders in it
SOCKET_BYTES = 107 - len("/.s.PGSQL.5432")
START_SECONDS = 300  # after a crash it first replays what it had not yet written
STOP_SECONDS = 30
LOG_BYTES = 4_194_304
NO_PROCESS = 4_194_305  # one more than the largest process id that Linux gives

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
    # After a checkpoint each page goes into the log whole at its first change. To compress it took 60 µs a signal.
    "wal_compression": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Errors of statements are the caller's to log: their texts may hold what a visitor typed.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

_started: list[subprocess.Popen[bytes]] = []  # kept so that a server that has ended can be reaped


def home(folder: Path) -> Path:
    """The server's home for the data folder `folder`, made if it is not there: in it, or linked from it.

    Raises:
        ConfigError: it cannot be made, or a link leads nowhere.
    """
    link = folder / "postgres"
    if link.is_symlink() and not link.is_dir():
        raise ConfigError(f"{link} leads to {link.readlink()}, which is gone: remove the link to start with no data.")
    if not link.exists():
        user = pgbin.account(link)
        # A new folder each time: a clone that was removed and made again must not find its old data.
        if pgbin.reachable(folder, user):
            link.mkdir(mode=0o700)
            user.own(link)
        else:
            target = Path(tempfile.mkdtemp(prefix="cluster-", dir=pgbin.system_folder()))
            user.own(target)
            link.symlink_to(target)
    return link.resolve()


def process(home: Path) -> int | None:
    """The process id of the server that runs in `home`, if one does."""
    try:
        pid = int((home / "data/postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if Path("/proc/self/cmdline").exists():
        # A process that only has the same number, or one that has ended and was not reaped, is not the server.
        with contextlib.suppress(OSError):
            if f"\0{home / 'data'}\0".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        return None
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, 0)
        return pid
    return None


def dsn(home: Path) -> str | None:
    """How to connect to the server in `home`, as asyncpg and psycopg take it; None until it accepts connections."""
    with contextlib.suppress(OSError):
        lines = (home / "data/postmaster.pid").read_text().split("\n")
        if len(lines) > 7 and lines[7].strip() == "ready" and process(home):
            return f"postgresql://feelback@/feelback?host={quote(lines[4], safe='')}&port=5432"
    return None


def start(home: Path, programs: str = "", options: Mapping[str, str] | None = None) -> str:
    """Start the server in `home`, where none runs, and wait until it accepts connections; about half a second.

    `programs` is a folder of Postgres programs or "" for the default; `options` are server settings over ours.

    Returns: how to connect.

    Raises:
        ConfigError: there are no programs, the data are of another major version, or the server did not start.
    """
    user = pgbin.account(home)
    folder = pgbin.find(programs)
    version = pgbin.version(folder, user)
    if version is None:
        folder = pgbin.copied(folder)
        version = pgbin.version(folder, user)
    if version is None:
        raise ConfigError(f"PGBIN: {folder / 'initdb'} does not run.")
    _prepare(home, folder, version, user)
    deadline = time.monotonic() + START_SECONDS
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
        # The sessions of a server that was killed end on their own; until then a new one refuses to start.
        if "pre-existing shared memory block" not in output or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    if server.poll() is None:
        server.send_signal(signal.SIGQUIT)
        server.wait()
    last = [line for line in output.splitlines() if "FATAL" in line or "PANIC" in line][-1:]
    raise ConfigError(f"Postgres did not start: {' '.join(last) or 'no reason in its log'} (see {_log(home)}).")


def stop(home: Path) -> None:
    """Stop the server in `home`, if one runs: sessions are cut, committed data are kept."""
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
    """Empty the server's log if it has grown too long; it may be running."""
    with contextlib.suppress(FileNotFoundError):
        if _log(home).stat().st_size > LOG_BYTES:
            _opened(_log(home), os.O_TRUNC).close()


def _prepare(home: Path, folder: Path, version: str, user: pgbin.Account) -> None:
    data, draft = home / "data", home / "data.new"
    if data.exists():
        had = (data / "PG_VERSION").read_text().strip()
        if had != version.split(".")[0]:
            raise ConfigError(
                f"The data in {data} are of Postgres {had}, the programs in {folder} are {version}: "
                f"set PGBIN to the programs of Postgres {had}, or FEELBACK_DATA to a new folder."
            )
        return
    shutil.rmtree(draft, ignore_errors=True)  # left by a start that was killed
    base = [str(folder / "initdb"), "-D", str(draft), *OWNER]
    for locale in ("C.UTF-8", "C"):
        done = subprocess.run([*base, f"--locale={locale}"], cwd=home, capture_output=True, text=True, **user.popen())
        if done.returncode == 0:
            break
    else:
        raise ConfigError(f"Postgres could not make {data}: {' '.join(done.stderr.split())}")
    result = subprocess.run(
        [folder / "postgres", "--single", "-D", draft, "postgres"],
        input="create database feelback\n", cwd=home, capture_output=True, text=True, **user.popen(),
    )  # fmt: skip
    if result.returncode:
        raise ConfigError(f"Postgres could not make a database: {' '.join(result.stderr.split())}")
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
    """Keep what a killed server left from stopping a start; the next server's own check of shared memory remains."""
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
    # Root writes where the server's user could have laid a link.
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | how, 0o600), "wb")
