"""The committed build equals a fresh one, is as small as promised, and matches its integrity hashes."""

import base64
import json
import re
import subprocess
from hashlib import sha384
from pathlib import Path

from app.config import ROOT
from tests.support.needs import needs_node
from tests.support.sdk_pages import MODULES, TESTS

SDK = ROOT / "static/sdk"
INTEGRITY = json.loads((SDK / "integrity.json").read_text())
NEWEST = SDK / INTEGRITY["version"]


def size(path: Path) -> int:
    """A file's size in bytes with Brotli."""
    script = "console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(process.argv[1])).length)"
    return int(subprocess.run(["node", "-e", script, path], check=True, capture_output=True, text=True).stdout)


def bundled(source: str, folder: Path) -> int:
    """The size in bytes with Brotli of a bundle of that module without React."""
    (folder / "entry.js").write_text(source)
    command = [MODULES / ".bin/esbuild", "entry.js", "--bundle", "--minify", "--format=esm", "--outfile=out.js"]
    command += [
        "--external:react",
        "--external:react-dom",
        "--external:react/*",
        "--define:process.env.NODE_ENV='production'",
    ]
    subprocess.run(
        [*command, "--log-level=error"],
        cwd=folder,
        check=True,
        env={"NODE_PATH": str(MODULES), "PATH": "/usr/bin:/bin"},
    )
    return size(folder / "out.js")


@needs_node
def test_it_is_as_small_as_promised_and_smaller_than_others(tmp_path: Path) -> None:
    sizes = {name: size(NEWEST / f"{name}.js") for name in ("core", "feelback", "more", "passage", "seen", "auto")}
    sizes["@feelback/js browser-auto"] = size(MODULES / "@feelback/js/dist/browser-auto.js")
    sizes["@lyket/react, its like button"] = bundled('export { Provider, LikeButton } from "@lyket/react";', tmp_path)
    for name, bytes in sizes.items():
        print(f"{name}: {bytes:,} bytes with brotli")
    assert sizes["core"] <= 4.2 * 1024
    assert sizes["feelback"] <= 8 * 1024
    assert sizes["more"] <= 4 * 1024
    assert sizes["passage"] <= 9 * 1024
    assert sizes["seen"] <= 1024
    assert sizes["auto"] <= sizes["@feelback/js browser-auto"]
    assert sizes["feelback"] < sizes["@lyket/react, its like button"]


@needs_node
def test_it_is_what_a_fresh_build_gives(tmp_path: Path) -> None:
    subprocess.run(["node", TESTS / "sdk/build.mjs", tmp_path], check=True, capture_output=True)
    names = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")}
    assert names == {path.relative_to(NEWEST) for path in NEWEST.rglob("*.*")}
    for name in names:
        if name.suffix != ".br":  # which differs by the version of node
            assert (tmp_path / name).read_bytes() == (NEWEST / name).read_bytes(), f"{name} is old: run make sdk"


@needs_node
def test_it_is_packed_as_it_is() -> None:
    script = "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(process.argv[1])))"
    for path in NEWEST.rglob("*.br"):
        unpacked = subprocess.run(["node", "-e", script, path], check=True, capture_output=True).stdout
        assert unpacked == path.with_suffix("").read_bytes()


def test_every_version_is_what_its_hashes_say() -> None:
    assert INTEGRITY["versions"]
    for version, hashes in INTEGRITY["versions"].items():
        files = {path.name: path for path in (SDK / version).iterdir() if path.suffix in (".js", ".css")}
        assert files.keys() == hashes.keys()
        for name, path in files.items():
            assert hashes[name] == "sha384-" + base64.b64encode(sha384(path.read_bytes()).digest()).decode()


def test_nothing_in_it_needs_what_a_strict_policy_forbids() -> None:
    for path in NEWEST.glob("*.js"):
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert forbidden not in path.read_text(), path.name


def test_types_name_every_element_and_every_file() -> None:
    source = (SDK / "feelback.js").read_text().partition("define({")[2]
    elements = set(re.findall(r'"?([a-z]+(?:-[a-z]+)*)"?: (?:class extends )?[A-Z]\w+', source))
    assert len(elements) == 9
    assert set(re.findall(r'"feelback-([a-z-]+)":', (SDK / "jsx.d.ts").read_text())) == elements
