"""Websites that frameworks build."""

import io
import json
import re
import subprocess
import tarfile
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.programs.packages.build import build
from tests.programs.packages.files import SOURCES, fill
from tests.programs.packages.table import PACKAGES
from tests.support.sdk_pages import MODULES, TESTS


@lru_cache(maxsize=1)
def archives() -> dict[str, bytes]:
    """Build our packages for npm: archives by the name under which an application imports them."""
    with tempfile.TemporaryDirectory() as folder:
        build([package for package in PACKAGES if package.kind == "npm"], Path(folder))
        contents = [path.read_bytes() for path in Path(folder).iterdir()]
    return {str(manifest(content)["name"]): content for content in contents}


def manifest(archive: bytes) -> dict[str, Any]:
    """Read the package.json of an archive."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        file = tar.extractfile("package/package.json")
        assert file is not None
        contents: dict[str, Any] = json.load(file)
        return contents


def unpack(archive: bytes, folder: Path) -> None:
    """Unpack an archive for npm as `npm install` does."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for entry in tar:
            file = tar.extractfile(entry)
            assert file is not None
            path = folder / entry.name.removeprefix("package/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.read())


def install(folder: Path) -> None:
    """Install our packages, from their archives, and the tests' packages in a project's folder."""
    modules = folder / "node_modules"
    modules.mkdir()
    for package in MODULES.iterdir():
        if package.name != ".installed":
            (modules / package.name).symlink_to(package)
    for name, archive in archives().items():
        unpack(archive, modules / name)


def build_astro(folder: Path, environ: dict[str, Any]) -> None:
    """Build the Astro site in `folder`."""
    command = ["node", MODULES / "astro/astro.js", "build"]
    result = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def readme_code(package: str) -> str:
    """The code of a package's README: its only block that is no command, with placeholders filled in."""
    text = (SOURCES / package / "README.md").read_text()
    blocks = re.findall(r"^```(?!sh$)\w+\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 1, package
    return fill(blocks[0], "")


def bundle(source: str, options: list[str], folder: Path, code: str = "") -> bytes:
    """An application of tests/sdk, or one with that code, bundled as its site would serve it."""
    install(folder)
    (folder / source).write_text(code or fill((TESTS / "sdk" / source).read_text(), ""))
    command = ["node_modules/.bin/esbuild", source, "--bundle", "--minify", "--jsx=automatic", "--outfile=app.js"]
    command += ["--define:process.env.NODE_ENV='production'", "--define:__VUE_PROD_HYDRATION_MISMATCH_DETAILS__=false"]
    command += ["--log-override:empty-import-meta=silent", "--log-level=warning", "--preserve-symlinks", *options]
    result = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    assert result.stderr == ""
    return (folder / "app.js").read_bytes()
