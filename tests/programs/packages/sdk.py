"""What the package `feelback` has besides its own folder: the SDK as modules for bundlers, and its types."""

import subprocess
import tempfile
from pathlib import Path

from app.config import ROOT
from tests.programs.packages import custom_elements
from tests.programs.packages.files import Files, of_folder

SDK = ROOT / "static/sdk"


def files() -> Files:
    """Build the SDK's modules with source maps, by tests/sdk/modules.mjs, which needs Node and the tests' packages."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", ROOT / "tests/sdk/modules.mjs", folder], check=True)
        modules = of_folder(Path(folder))
    names = [path.name for path in sorted(SDK.glob("*.d.ts")) if path.name != "auto.d.ts"]
    more = {name: (SDK / name).read_bytes() for name in [*names, "feelback.css"]}
    return {**modules, **more, "custom-elements.json": custom_elements.manifest(SDK)}
