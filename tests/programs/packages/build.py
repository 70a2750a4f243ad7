"""Build archives of packages."""

from collections.abc import Iterable
from pathlib import Path

from tests.programs.packages.files import of_package
from tests.programs.packages.kinds import KINDS, write
from tests.programs.packages.table import Package


def build(packages: Iterable[Package], out: Path, source_url: str = "") -> dict[str, int]:
    """Write the archives of the packages into `out`; their sizes in bytes, by file name."""
    sizes: dict[str, int] = {}
    for package in packages:
        files = of_package(package.folder, package.more(), source_url)
        archives = KINDS[package.kind](files, package.name or package.folder, source_url)
        write(archives, out)
        sizes |= {name: len(content) for name, content in archives.items()}
    return sizes
