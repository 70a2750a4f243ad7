"""The embedded Postgres, shared between processes: the first user starts it, the last one stops it.

Each user process holds a shared lock on `users.lock`; a process that starts or stops the server holds `start.lock`. A
killed process cannot stop the server, so each has a guardian: a small process that notices when the user's end of a
pipe closes, and stops the server in its place.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.config import Settings, child_environ
from app.database.embedded import postgres
from app.errors import ConfigError

DISMISSED = b"."  # what a user sends to its guardian when it ends normally


@contextlib.contextmanager
def use(settings: Settings, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """The database's DSN. Without DATABASE_URL the embedded Postgres runs while the context lasts.

    `options` override our server settings if the server has to be started.

    Raises:
        ConfigError: the embedded Postgres cannot be started; the message says why.
    """
    if settings.database_url:
        yield settings.database_url
        return
    folder = settings.feelback_data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as stack:
            with _locked(folder / "start.lock", fcntl.LOCK_EX):
                stack.enter_context(_guarded(folder))
                stack.callback(_release, folder)
                stack.enter_context(_locked(folder / "users.lock", fcntl.LOCK_SH))
                dsn = _running(settings, options)
            yield dsn
    except PermissionError as error:
        raise ConfigError(
            f"FEELBACK_DATA: no permission to use {error.filename}. Run as its owner, or set another folder."
        ) from error


def revive(settings: Settings) -> bool:
    """Restart the embedded Postgres if it has ended, such as after a kill, and trim its log. Call it inside `use`.

    Returns: whether it was restarted.

    Raises:
        ConfigError: it cannot be started, or its data folder is gone.
    """
    if settings.database_url:
        return False
    folder = settings.feelback_data
    if not (folder / "postgres").exists():
        raise ConfigError(f"FEELBACK_DATA: {folder} was removed while it was in use.")
    home = postgres.home(folder)
    postgres.trim_log(home)
    if postgres.dsn(home):
        return False
    with _locked(folder / "start.lock", fcntl.LOCK_EX):
        _running(settings)
    return True


def _running(settings: Settings, options: Mapping[str, str] | None = None) -> str:
    home = postgres.home(settings.feelback_data)
    return postgres.dsn(home) or postgres.start(home, settings.pgbin, options)


def _release(folder: Path) -> bool:
    with contextlib.suppress(FileNotFoundError), _locked(folder / "start.lock", fcntl.LOCK_EX):  # removed
        try:
            with _locked(folder / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
                postgres.stop(postgres.home(folder))
        except BlockingIOError:
            return False  # other processes use it
    return True


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    number = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(number, how)
        yield
    finally:
        os.close(number)


@contextlib.contextmanager
def _guarded(folder: Path) -> Iterator[None]:
    # Only this process holds the writing end: Python's pipes are closed on exec, and the guardian inherits the other.
    guardian = subprocess.Popen(
        [sys.executable, "-P", "-m", "app.database.embedded.cluster", folder],
        env=child_environ(),
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield
    finally:
        with contextlib.suppress(BrokenPipeError):
            guardian.communicate(DISMISSED)


def _guard(folder: Path) -> None:
    # A signal may reach the user and its guardian at once. The guardian ends by itself, after the user.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if os.read(0, 1) == DISMISSED:
        return
    # When a process is killed, its pipe may be closed a moment before its lock is released.
    for _ in range(20):
        if _release(folder):
            break
        time.sleep(0.05)


if __name__ == "__main__":
    _guard(Path(sys.argv[1]))
