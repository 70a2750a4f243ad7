"""The files of a package, with what all packages share filled in."""

import re
from pathlib import Path

from app import NPM_SCOPE, __version__
from app.config import ROOT

# Paths in the package, with forward slashes, and contents.
Files = dict[str, bytes]

SOURCES = ROOT / "static/packages"


def of_folder(folder: Path) -> Files:
    """Read the files of a folder, except those of editors and Python's caches."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def of_package(folder: str, more: Files, source_url: str) -> Files:
    """Read the package of that folder in static/packages, with its placeholders filled in, `more`, and the licence."""
    own = {name: _filled(content, source_url) for name, content in of_folder(SOURCES / folder).items()}
    return {"LICENSE": (ROOT / "LICENSE").read_bytes(), **own, **more}


def _filled(content: bytes, source_url: str) -> bytes:
    try:
        return fill(content.decode(), source_url).encode()
    except UnicodeDecodeError:  # a picture
        return content


def fill(text: str, source_url: str) -> str:
    """Fill in the scope (`@scope`), the version (`0.0.0`) and the address of the sources (`SOURCE_URL`).

    Lines with that address are left out where there is none.
    """
    if not source_url:
        text = re.sub(r"^.*\bSOURCE_URL\b.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?<![\w.])0\.0\.0(?![\w.])", __version__, text)
    return text.replace("@scope/", f"{NPM_SCOPE}/").replace("SOURCE_URL", source_url)
