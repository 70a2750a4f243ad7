"""Build the packages for npm, PyPI and others into a folder, and print their names and sizes in bytes.

Run as `python -m tests.programs.packages [folder] [package …]`: without arguments all of them, into dist/. With
SOURCE_URL in the environment they say where their sources are.
"""

import os
import sys
from pathlib import Path

from app.config import ROOT
from tests.programs.packages.build import build
from tests.programs.packages.table import PACKAGES


def main(arguments: list[str]) -> None:
    out = Path(arguments[0]) if arguments else ROOT / "dist"
    chosen = [package for package in PACKAGES if not arguments[1:] or package.folder in arguments[1:]]
    for name, size in build(chosen, out, os.environ.get("SOURCE_URL", "")).items():
        print(f"{size:>9,} {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
