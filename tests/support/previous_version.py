"""The released version before this one: its files, packed, to be run against this version's schema.

At a release, pack it anew: `python -m tests.support.previous_version COMMIT`.
"""

import io
import subprocess
import sys
import tarfile
from pathlib import Path

from app.config import ROOT
from tests.support.archives import extract

PACKED = ROOT / "tests/database/fixtures/previous_version.tar.xz"
FOLDERS = ("app", "sql", "migrations", "templates", "static", "docs", ".env.example", "CHANGELOG.md")
# What it can serve without.
LEFT_OUT = (".webp", ".png", ".svg")


def unpack(folder: Path) -> Path:
    """The previous version's checkout, in `folder`."""
    extract(PACKED, folder)
    return folder


def pack(commit: str) -> None:
    """Pack the files of `commit`."""
    tar = subprocess.run(["git", "archive", commit, *FOLDERS], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(tar)) as files, tarfile.open(PACKED, "w:xz", preset=9) as packed:
        for file in files:
            if file.isfile() and not file.name.endswith(LEFT_OUT):
                packed.addfile(file, files.extractfile(file))


if __name__ == "__main__":
    pack(sys.argv[1])
