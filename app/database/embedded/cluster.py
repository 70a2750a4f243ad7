"""The embedded Postgres, shared: the first user starts it, the last one stops it, and a killed one is cleaned up after.

Every user holds a shared lock on `users.lock`; who starts or stops the server holds `start.lock`. A user that is killed
can stop nothing, so each has a guardian: a small process that sees the user's end of a pipe close and does it instead.
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

DISMISSED = b"."


@contextlib.contextmanager
def use(settings: Settings, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """How to connect to the database, which runs while the context lasts; with DATABASE_URL only the former.

    `options` are server settings over ours, should it have to be started.

    Raises:
        ConfigError: the embedded Postgres cannot be started; the text says why.
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
            f"FEELBACK_DATA: {error.filename} may not be used: run as its owner, or set another."
        ) from error


def revive(settings: Settings) -> bool:
    """Start the embedded Postgres again if it has ended, as after a kill, and keep its log short; for use inside `use`.

    Returns: whether it had to be started.

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
    with contextlib.suppress(FileNotFoundError), _locked(folder / "start.lock", fcntl.LOCK_EX):  # gone: removed
        try:
            with _locked(folder / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
                postgres.stop(postgres.home(folder))
        except BlockingIOError:
            return False  # others use it
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
    # Only this process holds the writing end: Python opens pipes closed on exec, and the guardian gets the other end.
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
    # A user and its guardian may be told to end at once; the guardian ends by itself, after the user.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if os.read(0, 1) == DISMISSED:
        return
    # Of what a killed process held, the pipe may be closed a moment before the lock.
    for _ in range(20):
        if _release(folder):
            break
        time.sleep(0.05)


if __name__ == "__main__":
    _guard(Path(sys.argv[1]))
