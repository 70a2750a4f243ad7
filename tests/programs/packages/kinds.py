"""Archives of each kind of package: the same files give the same bytes."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import NPM_SCOPE, __version__
from tests.programs.packages.files import Files

# Of every file in an archive: npm's own, 26 October 1985 in UTC, in seconds.
TIME = 499_162_500
_ZIP_TIME = (1985, 10, 26, 8, 15, 0)


def npm(files: Files, name: str, source_url: str) -> Files:
    """Make the archive that `npm publish` and `npm install` take."""
    manifest = _manifest(json.loads(files["package.json"]), files, source_url)
    files = {**files, "package.json": (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()}
    archive = manifest["name"].removeprefix("@").replace("/", "-")
    return {f"{archive}-{__version__}.tgz": _tar("package", files)}


def _manifest(own: dict[str, Any], files: Files, source_url: str) -> dict[str, Any]:
    """Add to a package.json what all packages share. Its own entries come first, and win."""
    name = own["name"]
    shared: dict[str, Any] = {
        "version": __version__,
        "license": "MIT",
        "type": "module",
        "sideEffects": True,
        "engines": {"node": ">=18"},
        "files": sorted({path.partition("/")[0] for path in files} - {"package.json", "README.md", "LICENSE"}),
        "publishConfig": {"access": "public", "provenance": True},
    }
    if source_url:
        address = source_url.removesuffix(".git")
        directory = "static/packages/" + name.removeprefix(NPM_SCOPE + "/")
        shared["homepage"], shared["bugs"] = address, address + "/issues"
        shared["repository"] = {"type": "git", "url": f"git+{address}.git", "directory": directory}
    return {"name": name, "version": __version__, **shared, **own}


def _tar(top: str, files: Files) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{top}/{name}")
            entry.size, entry.mtime, entry.mode = len(content), TIME, 0o644
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), mtime=0)


def python(files: Files, name: str, source_url: str) -> Files:
    """Make the sdist and the wheel, by hatchling, of which the dates are fixed by SOURCE_DATE_EPOCH."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, out = Path(temporary, "source"), Path(temporary, "out")
        write(files, folder)
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-d", out],
            cwd=folder,
            check=True,
            capture_output=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(TIME)},
        )
        return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def zipped(files: Files, name: str, source_url: str) -> Files:
    """Make a zip with one folder, named `name`."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{name}/{path}", _ZIP_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return {f"{name}-{__version__}.zip": raw.getvalue()}


def write(files: Files, folder: Path) -> None:
    """Write the files into a folder, which need not exist."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


KINDS: dict[str, Callable[[Files, str, str], Files]] = {"npm": npm, "python": python, "zip": zipped}
