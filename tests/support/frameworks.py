"""Websites that frameworks build."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from app.config import ROOT
from tests.support.sdk_pages import MODULES

SDK = ROOT / "static/sdk"


def install(folder: Path) -> None:
    """Install the SDK and the tests' packages in a project's folder."""
    modules = folder / "node_modules"
    modules.mkdir()
    for package in MODULES.iterdir():
        if package.name != ".installed":
            (modules / package.name).symlink_to(package)
    shutil.copytree(SDK, modules / "feelback")


def build_astro(folder: Path, environ: dict[str, Any]) -> None:
    """Build the Astro site in `folder`."""
    command = ["node", MODULES / "astro/astro.js", "build"]
    result = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
