"""The archives of `make packages`: the same each time, whole, and installed by npm without a network."""

import io
import json
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from app import NPM_SCOPE, __version__
from app.config import ROOT
from tests.programs.packages.build import build
from tests.programs.packages.table import PACKAGES
from tests.support.frameworks import archives, manifest
from tests.support.needs import needs_node

pytestmark = needs_node
NPM = [package for package in PACKAGES if package.kind == "npm"]
NAMES = ["feelback", *(f"{NPM_SCOPE}/{package.folder}" for package in NPM if package.folder != "feelback")]
SOURCE = "https://git.example/feelback"
# Modules that a site's tool provides.
VIRTUAL = {"virtual:feelback", "#imports", "#build/feelback.options.mjs", "@theme-init/DocItem/Footer"}
VIRTUAL |= {"@generated/globalData", "@docusaurus/useDocusaurusContext"}


def files(archive: bytes) -> dict[str, bytes]:
    """The files of an archive by path."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {entry.name.removeprefix("package/"): tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


def targets(exports: Any) -> list[str]:
    """The paths in a package's `exports`."""
    return [exports] if isinstance(exports, str) else [path for each in exports.values() for path in targets(each)]


def test_every_folder_is_a_package() -> None:
    folders = {path.name for path in (ROOT / "static/packages").iterdir() if path.is_dir()}
    assert {package.folder for package in PACKAGES} == folders
    assert set(archives()) == set(NAMES)


def test_archives_are_the_same_each_time(tmp_path: Path) -> None:
    sizes = [build(PACKAGES, tmp_path / name) for name in ("a", "b")]
    assert sizes[0] == sizes[1]
    for name in sizes[0]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


@pytest.mark.parametrize("name", NAMES)
def test_it_is_whole(name: str) -> None:
    contents, package = files(archives()[name]), manifest(archives()[name])
    assert (package["name"], package["version"], package["license"]) == (name, __version__, "MIT")
    assert package["publishConfig"] == {"access": "public", "provenance": True}
    assert "scripts" not in package
    assert package["description"]
    assert package["keywords"]
    assert {"README.md", "LICENSE", "package.json"} <= set(contents)
    listed = {*package["files"], "README.md", "LICENSE", "package.json"}
    assert {path.partition("/")[0] for path in contents} == listed
    for path in targets(package["exports"]):
        assert path.removeprefix("./") in contents, path
    for entry in package["exports"].values():
        assert not isinstance(entry, dict) or next(iter(entry)) == "types"
    text = b"\n".join(contents.values()).decode()
    assert not re.search(r"@scope|\b0\.0\.0\b|SOURCE_URL|/var/|/tmp/|/work/", text)


@pytest.mark.parametrize("name", NAMES)
def test_it_imports_only_what_it_depends_on(name: str) -> None:
    package = manifest(archives()[name])
    known = {name, *package.get("dependencies", {}), *package.get("peerDependencies", {})}
    for path, content in files(archives()[name]).items():
        if not path.endswith((".js", ".ts", ".astro")):
            continue
        specifiers = re.findall(r"""(?:from|import|import\()\s*["']([^"']+)["']""", content.decode())
        for specifier in specifiers:
            parts = specifier.split("/")
            of = "/".join(parts[: 2 if specifier.startswith("@") else 1])
            is_type = path.endswith(".d.ts") and of in ("@docusaurus/types",)
            assert (
                specifier[0] == "." or specifier.startswith("node:") or specifier in VIRTUAL or of in known or is_type
            ), (
                path,
                specifier,
            )


def test_code_that_is_transformed_has_its_sources() -> None:
    contents = files(archives()["feelback"])
    scripts = [path for path in contents if path.endswith(".js")]
    assert {"core.js", "controller.js"} < set(scripts)
    for path in scripts:
        assert contents[path].decode().rstrip().endswith(f"//# sourceMappingURL={path.rpartition('/')[2]}.map")
        source_map = json.loads(contents[path + ".map"])
        assert all(source_map["sourcesContent"])
        for source in source_map["sources"]:
            assert (ROOT / "static/sdk" / Path(path).parent / source).resolve().is_file(), (path, source)


def test_custom_elements_are_described() -> None:
    contents = files(archives()["feelback"])
    module = json.loads(contents["custom-elements.json"])["modules"][0]
    elements = {each["tagName"]: each for each in module["declarations"]}
    assert set(elements) == set(re.findall(r'"(feelback-[\w-]+)":', contents["jsx.d.ts"].decode()))
    assert set(elements) == set(re.findall(r'"(feelback-[\w-]+)":', contents["vue.d.ts"].decode()))
    named = {each["name"]: each for each in elements["feelback-tagged-message"]["attributes"]}
    assert {"widget", "page", "email", "message", "layout"} <= set(named)
    assert named["widget"] == {"name": "widget", "description": "The widget's id.", "type": {"text": "string"}}
    assert "feelback:response" in [each["name"] for each in elements["feelback-nps"]["events"]]
    assert "--feelback-accent" in [each["name"] for each in elements["feelback-nps"]["cssProperties"]]
    assert "question" in [each["name"] for each in elements["feelback-nps"]["cssParts"]]


def test_it_says_where_its_sources_are(tmp_path: Path) -> None:
    build([package for package in NPM if package.folder == "react"], tmp_path, SOURCE)
    archive = next(tmp_path.iterdir()).read_bytes()
    package = manifest(archive)
    assert package["repository"] == {"type": "git", "url": f"git+{SOURCE}.git", "directory": "static/packages/react"}
    assert (package["homepage"], package["bugs"]) == (SOURCE, f"{SOURCE}/issues")
    assert f"{SOURCE}/blob/main/docs/react.md" in files(archive)["README.md"].decode()


def test_npm_installs_them(tmp_path: Path) -> None:
    """All but the module for Nuxt, which needs a package of Nuxt's."""
    names = [name for name in NAMES if not name.endswith("/nuxt")]
    for name in names:
        (tmp_path / f"{name.replace('/', '-')}.tgz").write_bytes(archives()[name])
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}')
    command = ["npm", "install", "--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error"]
    command += [f"./{name.replace('/', '-')}.tgz" for name in names]
    environ = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "npm_config_cache": str(tmp_path / "cache"),
    }
    process = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    entries = [path[1:] for path, entry in manifest(archives()["feelback"])["exports"].items() if "default" in entry]
    imports = "\n".join(f'console.log(Object.keys(await import("feelback{path}")).length);' for path in entries)
    (tmp_path / "try.mjs").write_text(imports)
    process = subprocess.run(["node", "try.mjs"], cwd=tmp_path, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    assert len(process.stdout.split()) == len(entries)


def test_the_documentation_names_them_as_they_are_published() -> None:
    pages = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
    assert not [name for name, text in pages.items() if "@scope" in text]
    at_npm = pages["packages.md"].partition("## At PyPI")[0]
    assert set(re.findall(r"^\| `(feelback|@[\w/-]+)`", at_npm, re.M)) == set(NAMES)
