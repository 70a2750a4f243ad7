"""Restores a Postgres server to a moment: a base backup, then WAL up to that moment.

Postgres asks for each file of WAL through a folder that this process serves. So its user needs neither our programs nor
the keys of the storage.
"""

import contextlib
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from app.backups import base as base_backups
from app.backups import encryption, manifests, pipes, programs, space, wal
from app.backups.base import Base
from app.backups.stores import Store
from app.config import Settings
from app.database import migrate, upkeep
from app.database.embedded import postgres
from app.database.embedded.programs import Account, account, runnable
from app.errors import ConfigError, FeelbackError

# Runs for each file: asks for it, and waits until it is there, is said to be missing, or nobody answers.
RESTORE_COMMAND = (
    "touch '{folder}/want/%f'; while [ ! -e '{folder}/have/%f' ]; do [ -e '{folder}/none/%f' ] && exit 1;"
    " [ -e '{folder}/want' ] || exit 200; sleep 0.02; done; cp '{folder}/have/%f' '%p' && rm '{folder}/have/%f'"
)


@dataclass(frozen=True)
class Recovered:
    """A restored server, which does not run: `parts` are the base backups, `wal_files` the files of WAL used."""

    parts: list[Base]
    wal_files: int
    reconciled: upkeep.Reconciled


def restore(
    settings: Settings, bases_store: Store, wal_store: Store, data: Path, target: datetime | None, identity: Path | None
) -> Recovered:
    """Restore into the folder `data`, which must be missing or empty, the state of `target`, by default the latest.

    Migrates and reconciles it; the server is stopped at the end.

    Raises:
        FeelbackError: 404 if there is no base backup from before, 409 if the folder is not empty, 422 if the archive
            does not reach to `target` or is broken, 500 if a program fails or the disk is too full.
    """
    if data.exists() and any(data.iterdir()):
        raise FeelbackError(409, f"{data} is not empty.", hint="Name an empty or a new folder: --data FOLDER.")
    parts = base_backups.chain(base_backups.bases(bases_store), target)
    needed = sum(part.tar_bytes for part in parts) * (2 if len(parts) > 1 else 1)
    space.require("The restore", str(data), space.free_bytes(data), needed)
    program, major = programs.find("pg_ctl", settings.pgbin, parts[-1].server)
    if major != parts[-1].server:
        raise FeelbackError(500, f"The backup is of Postgres {parts[-1].server}: its programs are needed. Set PGBIN.")
    # Beside the data folder, so that the result only has to be renamed.
    data.parent.mkdir(parents=True, exist_ok=True)
    user = account(data.parent)
    folder = runnable(Path(program).parent, user)
    with _folder(data.parent, user) as work:
        unpacked = [_unpack(bases_store, part, work / str(number), identity) for number, part in enumerate(parts)]
        _own(work, user)
        draft = unpacked[0]
        if len(unpacked) > 1:
            draft = work / "data"
            combine = [str(folder / "pg_combinebackup"), *map(str, unpacked)]
            pipes.run([*combine, f"--output={draft}"], user.popen())
        (draft / "recovery.signal").touch()
        user.own(draft / "recovery.signal")
        with _archive(work, wal_store, identity, user) as served:
            result = _recover(settings, work, draft, str(folder), target, user, served)
        if data.exists():
            data.rmdir()
        draft.rename(data)
    return Recovered(parts, served.files, result)


def _recover(
    settings: Settings, work: Path, draft: Path, pgbin: str, target: datetime | None, user: Account, served: "_Served"
) -> upkeep.Reconciled:
    home, hba, own_conf = work / "home", work / "hba.conf", draft / "postgresql.conf"
    home.mkdir(mode=0o700)
    user.own(home)
    (home / "data").symlink_to(draft)
    hba.write_text("local all all trust\n")
    hba.chmod(0o644)
    has_conf = own_conf.exists()
    own_conf.touch()  # Debian keeps it elsewhere, and the server wants one
    options = {
        "restore_command": RESTORE_COMMAND.format(folder=work / "wal"), "recovery_target_action": "promote",
        "archive_mode": "off", "hot_standby": "off", "shared_preload_libraries": "", "hba_file": str(hba), "ssl": "off",
        "synchronous_standby_names": "", "primary_conninfo": "", "recovery_target": "",
    }  # fmt: skip
    if target is not None:
        options["recovery_target_time"] = target.isoformat(sep=" ")
    try:
        dsn = _as_owner(settings, postgres.start(home, pgbin, options, seconds=pipes.MOST_SECONDS))
        migrate.of_settings(settings, dsn)
        return upkeep.reconcile(dsn)
    except ConfigError as error:
        served.raise_error()
        if "recovery ended before configured recovery target was reached" in str(error):
            raise FeelbackError(
                422, "The archive does not reach to that time.", hint="Restore to an earlier one, or `latest`."
            ) from error
        raise
    finally:
        postgres.stop(home)
        if not has_conf:
            own_conf.unlink()


def _as_owner(settings: Settings, dsn: str) -> str:
    """The DSN with the user and the database of DATABASE_URL, if that is set."""
    if not settings.database_url:
        return dsn
    parts, wanted = urlsplit(dsn), urlsplit(settings.database_url)
    return urlunsplit(parts._replace(netloc=f"{unquote(wanted.username or 'feelback')}@", path=wanted.path))


def _unpack(store: Store, part: Base, folder: Path, identity: Path | None) -> Path:
    folder.mkdir(mode=0o700)
    commands = [*encryption.decrypt_commands(part.encryption, identity), ["gzip", "--decompress", "--stdout"]]
    chunks = manifests.verified(store.read(part.name), part)
    pipes.write([*commands, ["tar", "--extract", "--file=-", f"--directory={folder}"]], chunks)
    return folder


@contextlib.contextmanager
def _folder(parent: Path, user: Account) -> Iterator[Path]:
    work = Path(tempfile.mkdtemp(prefix=".restore-", dir=parent))
    user.own(work)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _own(folder: Path, user: Account) -> None:
    for path in folder.rglob("*"):
        if not path.is_symlink():
            user.own(path)


class _Served:
    """Fetches files of WAL for the server, in a thread. `files` is how many it has fetched."""

    def __init__(self, folder: Path, store: Store, identity: Path | None) -> None:
        self._folder, self._store, self._identity = folder, store, identity
        self.files, self._stop = 0, threading.Event()
        self._error: Exception | None = None
        self.thread = threading.Thread(target=self._run, name="wal", daemon=True)

    def stop(self) -> None:
        self._stop.set()
        self.thread.join()

    def raise_error(self) -> None:
        """Raise what failed, if something did."""
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while not self._stop.is_set():
            for path in list((self._folder / "want").iterdir()):
                try:
                    if wal.fetch(self._store, path.name, self._folder / "have" / path.name, self._identity):
                        self.files += 1
                    else:
                        (self._folder / "none" / path.name).touch()
                    path.unlink()
                except (FeelbackError, OSError) as error:
                    # The server gives up when the folder is gone: it must not take this for the end of the archive.
                    self._error = error
                    shutil.rmtree(self._folder / "want")
                    return
            time.sleep(0.02)


@contextlib.contextmanager
def _archive(work: Path, store: Store, identity: Path | None, user: Account) -> Iterator[_Served]:
    folder = work / "wal"
    for path in (folder, *(folder / name for name in ("want", "have", "none"))):
        path.mkdir(mode=0o700)
        user.own(path)
    served = _Served(folder, store, identity)
    served.thread.start()
    try:
        yield served
    finally:
        served.stop()
