"""Builds a site with a real tool, and our packages from their archives."""

import json
import mimetypes
import os
import platform
import shutil
import subprocess
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from tests.programs.packages.files import Files, fill, of_folder
from tests.programs.packages.kinds import write
from tests.programs.sites.table import Site
from tests.support.frameworks import archives, manifest, readme_code

FOLDER = Path(__file__).parent
NODE = "24.21.0"  # which some tools need, where the system's is older
_TELEMETRY = {f"{name}_TELEMETRY_DISABLED": "1" for name in ("ASTRO", "NEXT", "NUXT")}


class BuiltSite(NamedTuple):
    """The files of a site by path, and how long its build took, in seconds."""

    files: Files
    seconds: float


def build(site: Site, folder: Path, placeholders: dict[str, str], environ: dict[str, str]) -> BuiltSite:
    """Build the site in an empty folder; `placeholders` of its sources are replaced.

    Raises:
        RuntimeError: npm or the tool failed; with what it printed.
    """
    ours = {name: archive for name, archive in archives().items() if name in _needed(site.package)}
    sources = of_folder(FOLDER / site.package)
    sources[site.snippet] = readme_code(site.package).encode()
    for name, content in sources.items():
        text = fill(content.decode(), "")
        for placeholder, value in placeholders.items():
            text = text.replace(placeholder, value)
        sources[name] = text.encode()
    packages = {f"{name.replace('/', '-').strip('@')}.tgz": archive for name, archive in ours.items()}
    local = {name: f"file:{name.replace('/', '-').strip('@')}.tgz" for name in ours}
    package = {"private": True, "dependencies": {**site.dependencies, **local}}
    if site.is_module:
        package["type"] = "module"
    write({**sources, **packages, "package.json": json.dumps(package).encode()}, folder)
    _run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], folder, environ)
    started = time.monotonic()
    _run(["node", f"node_modules/{site.build[0]}", *site.build[1:]], folder, environ)
    return BuiltSite(of_folder(folder / site.output), time.monotonic() - started)


def clean(folder: Path) -> None:
    """Empty a site's folder, but for the packages of others: they need not be installed again."""
    ours = [folder / "node_modules" / name for name in archives()]
    parts = [path for path in folder.glob("*") if path.name != "node_modules"] + ours
    for path in [*parts, folder / "node_modules/.package-lock.json"]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def addresses(files: Files) -> dict[str, tuple[str, bytes]]:
    """Media type and content by path, as a host of static files answers: /a/ for /a/index.html, /a for /a.html."""
    answers: dict[str, tuple[str, bytes]] = {}
    for name, content in files.items():
        answer = (mimetypes.guess_type(name)[0] or "application/octet-stream", content)
        path = "/" + name
        for each in {
            path,
            path.removesuffix("index.html"),
            path.removesuffix("/index.html"),
            path.removesuffix(".html"),
        }:
            answers.setdefault(quote(each) or "/", answer)
    return answers


def with_node(folder: Path) -> dict[str, str]:
    """The environment of the tools, with a Node that is new enough: installed in `folder` where the system's is not."""
    environ = {**os.environ, **_TELEMETRY, "CI": "1", "NO_UPDATE_NOTIFIER": "1"}
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, version.strip("v\n").split("."))) >= (22, 19):
        return environ
    architecture = {"x86_64": "x64", "aarch64": "arm64"}[platform.machine()]
    name = f"node-linux-{architecture}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": {name: NODE}}))
    _run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], folder, environ)
    return {**environ, "PATH": f"{folder / 'node_modules' / name / 'bin'}{os.pathsep}{environ['PATH']}"}


def _needed(package: str) -> set[str]:
    """The names of our packages that this one needs, with its own."""
    by_name = {name: manifest(archive) for name, archive in archives().items()}
    names = {name for name in by_name if name.rpartition("/")[2] == package}
    while more := {each for name in names for each in by_name[name].get("dependencies", {})} & set(by_name) - names:
        names |= more
    return names


def _run(command: list[str], folder: Path, environ: dict[str, str]) -> None:
    command = [shutil.which(command[0], path=environ["PATH"]) or command[0], *command[1:]]
    process = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{(process.stdout + process.stderr)[-6000:]}")
