"""What the package `feelback` has besides its own folder: the SDK as modules for bundlers, and its types."""

import subprocess
import tempfile
from pathlib import Path

from app.config import ROOT
from tests.programs.packages.files import Files, of_folder


def files() -> Files:
    """Build the SDK's modules with source maps, by tests/sdk/modules.mjs, which needs Node and the tests' packages."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", ROOT / "tests/sdk/modules.mjs", folder], check=True)
        modules = of_folder(Path(folder))
    types = {path.name: path.read_bytes() for path in sorted((ROOT / "static/sdk").glob("*.d.ts"))}
    return {**modules, **types, "feelback.css": (ROOT / "static/sdk/feelback.css").read_bytes()}
