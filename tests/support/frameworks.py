"""Websites that frameworks build."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from app.config import ROOT
from tests.support.sdk_pages import MODULES

SDK = ROOT / "static/sdk"


def installed(folder: Path) -> None:
    """A project's folder in which the SDK and the tests' packages are installed."""
    modules = folder / "node_modules"
    modules.mkdir()
    for package in MODULES.iterdir():
        if package.name != ".installed":
            (modules / package.name).symlink_to(package)
    shutil.copytree(SDK, modules / "feelback")


def built(folder: Path, environ: dict[str, Any]) -> None:
    """Builds the site of Astro that is there."""
    command = ["node", MODULES / "astro/astro.js", "build"]
    told = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
