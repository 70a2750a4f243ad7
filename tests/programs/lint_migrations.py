"""Looks with squawk for what in migrations would stop requests or break the version before: `make lint`.

A migration that is right all the same says so above the statement: `-- squawk-ignore rule`, and why.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from app.config import ROOT

SQUAWK = Path(sys.executable).with_name("squawk")
SINCE = "0081"  # older ones were written for a server that is stopped


def migrations() -> list[Path]:
    """Those that run while the version before serves."""
    return [path for path in sorted((ROOT / "migrations").glob("*.sql")) if path.name >= SINCE]


def problems(paths: Iterable[Path]) -> list[str]:
    """What squawk finds, a line each."""
    faults = []
    for path in paths:
        if path.name.endswith(".rollback.sql"):
            continue
        how = (
            "--no-assume-in-transaction" if "-- transactional: false" in path.read_text() else "--assume-in-transaction"
        )
        done = subprocess.run(
            [SQUAWK, "--config", ROOT / ".squawk.toml", how, "--reporter", "gcc", path], capture_output=True, text=True
        )
        if done.returncode:
            faults += (done.stdout or done.stderr).strip().splitlines()
    return faults


if __name__ == "__main__":
    lines = problems(migrations())
    print("\n".join(lines) or "Migrations: nothing found")
    sys.exit(bool(lines))
