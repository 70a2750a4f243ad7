"""What packages for static site generators write: by the real tools, where they are installed.

MkDocs and Sphinx are those that `make site-tools` installs in .sites/.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from app.config import ROOT
from tests.programs.packages.files import of_package
from tests.programs.packages.kinds import write
from tests.programs.packages.table import PACKAGES

PYTHON = ROOT / ".sites/python/bin/python"
SERVER, WIDGET = "https://your.host", "0" * 8 + "-0000" * 3 + "-" + "0" * 12
needs_python = pytest.mark.skipif(not PYTHON.exists(), reason="MkDocs and Sphinx are missing: run make site-tools")
needs_hugo = pytest.mark.skipif(shutil.which("hugo") is None, reason="hugo is missing")
needs_jekyll = pytest.mark.skipif(shutil.which("jekyll") is None, reason="jekyll is missing")
# How a like is named on a page of a language.
LIKE = {
    "zh": "赞", "zh-cn": "赞", "zh-hans-cn": "赞", "zh-sg": "赞", "zh-tw": "讚", "zh-hk": "讚", "zh-mo": "讚",
    "zh-hant-tw": "讚", "nb": "Liker", "no": "Liker", "nn": "Liker", "de-at": "Gefällt mir", "xx": "Like",
}  # fmt: skip
SPHINX = f"""
extensions = ["sphinx_feelback"]
feelback_server, feelback_widget = "{SERVER}", "{WIDGET}"
feelback_label, feelback_options, feelback_preset = "Good?", "a|First; b|Second", "agreement"
feelback_thanks = "Thanks!"
html_baseurl, root_doc, language = "https://docs.example/", "one", "en"
copyright, version = "2026", "2.1"
"""
RST = "One\n===\n\n.. toctree::\n\n   two\n\n.. feelback::\n\n.. feelback::\n   :type: pulse\n"
JEKYLL = f"""
url: https://docs.example
feelback: {{server: "{SERVER}", widget: "{WIDGET}", label: "Good?",
  thanks: "Thanks!", preset: agreement, look: icons, layout: picker}}
"""


def unpack(name: str, folder: Path) -> None:
    """Write the files of a package into a folder, as they are in its archive."""
    package = next(each for each in PACKAGES if each.folder == name)
    write(of_package(name, package.more(), ""), folder)


def run(command: list[str | Path], folder: Path, is_good: bool = True) -> str:
    """Run a tool in a folder, where Python's modules are too; what it printed."""
    environ = {**os.environ, "PYTHONPATH": str(folder), "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    result = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=300)
    assert (result.returncode == 0) is is_good, result.stdout + result.stderr
    return result.stdout + result.stderr


def elements(path: Path) -> list[str]:
    """The start tags of our elements in a file."""
    return re.findall(r"<feelback-[^>]*>", path.read_text())


def test_forms_of_python_packages_have_words_of_the_language(tmp_path: Path) -> None:
    unpack("mkdocs-feelback", tmp_path)
    spec = importlib.util.spec_from_file_location("element", tmp_path / "mkdocs_feelback/element.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for code, word in LIKE.items():
        html = module.element(SERVER, WIDGET, type="pulse", page="https://docs.example/", language=code)
        assert f"👍 {word}</button>" in html, code


@needs_hugo
def test_forms_of_hugo_have_words_of_the_language(tmp_path: Path) -> None:
    unpack("hugo", tmp_path / "themes/feelback")
    params = f'[params.feelback]\nserver = "{SERVER}"\nwidget = "{WIDGET}"\ntype = "pulse"\n'
    languages = "".join(f"[languages.{code}]\nweight = 1\n" for code in LIKE)
    settings = 'baseURL = "https://docs.example/"\ntheme = ["feelback"]\ndefaultContentLanguage = "xx"\n'
    files = {f"content/one.{code}.md": "---\ntitle: One\n---\n" for code in LIKE}
    files |= {"config.toml": settings + params + languages}
    files |= {"layouts/_default/single.html": '{{ partial "feelback.html" . }}'}
    write({name: text.encode() for name, text in files.items()}, tmp_path)
    run(["hugo", "--quiet", "--destination", "site"], tmp_path)
    for code, word in LIKE.items():
        page = tmp_path / "site" / ("" if code == "xx" else code) / "one/index.html"
        assert f"👍 {word}</button>" in page.read_text(), code


@needs_jekyll
def test_jekyll_has_words_of_the_language_and_all_settings_of_the_site(tmp_path: Path) -> None:
    unpack("jekyll", tmp_path)
    pages = {code: (f"lang: '{code}'", 'type="pulse"') for code in LIKE}
    pages |= {"site": ("", ""), "other": ("", 'type="pulse"'), "own": ("", 'thanks="Own" preset="own" look="labels"')}
    files = {
        f"{name}.html": f"---\n{meta}\n---\n{{% include feelback.html {a} %}}" for name, (meta, a) in pages.items()
    }
    files |= {"_config.yml": JEKYLL}
    write({name: text.encode() for name, text in files.items()}, tmp_path)
    run(["jekyll", "build", "--quiet", "--destination", "site"], tmp_path)
    for code, word in LIKE.items():
        assert f"👍 {word}</button>" in (tmp_path / "site" / f"{code}.html").read_text(), code
    ((site,), (other,), (own,)) = (elements(tmp_path / "site" / f"{name}.html") for name in ("site", "other", "own"))
    look = 'thanks="Thanks!"', 'look="icons"', 'layout="picker"'
    assert [part for part in ('label="Good?"', 'preset="agreement"', *look) if part not in site] == []
    assert [part for part in look if part not in other] == []
    assert [name for name in ("label", "options", "preset") if f"{name}=" in other] == []
    assert [part for part in ('thanks="Own"', 'preset="own"', 'look="labels"') if part not in own] == []


@needs_python
def test_a_directive_of_another_type_has_no_options_of_the_site(tmp_path: Path) -> None:
    unpack("sphinx-feelback", tmp_path)
    write({"conf.py": SPHINX.encode(), "one.rst": RST.encode(), "two.rst": b"Two\n===\n"}, tmp_path)
    run([PYTHON, "-m", "sphinx", "-W", "-q", ".", "site"], tmp_path)
    same, other = elements(tmp_path / "site/one.html")
    assert re.findall(r"(label|options|preset|thanks)=", same) == ["label", "thanks", "options", "preset"]
    assert re.findall(r"(label|options|preset|thanks)=", other) == ["thanks"]
    page = (tmp_path / "site/two.html").read_text()
    assert page.count("<feelback-yesno") == 1
    assert page.count(f'src="{SERVER}/sdk/feelback.js"') == 1


@needs_python
@pytest.mark.parametrize("builder", ["epub", "text", "latex"])
def test_books_of_sphinx_have_no_question(tmp_path: Path, builder: str) -> None:
    unpack("sphinx-feelback", tmp_path)
    write({"conf.py": SPHINX.encode(), "one.rst": RST.encode(), "two.rst": b"Two\n===\n"}, tmp_path)
    run([PYTHON, "-m", "sphinx", "-W", "-q", "-b", builder, "-d", "cache", ".", "book"], tmp_path)
    files = {path.name: path.read_bytes() for path in (tmp_path / "book").rglob("*") if path.suffix in (".txt", ".tex")}
    if builder == "epub":
        with ZipFile(next((tmp_path / "book").glob("*.epub"))) as book:
            files = {name: book.read(name) for name in book.namelist() if name.endswith((".xhtml", ".opf"))}
        for content in files.values():
            ElementTree.fromstring(content)
    assert files
    assert [name for name, content in files.items() if b"feelback" in content] == []


@needs_python
def test_mkdocs_needs_a_server_and_widget_only_if_it_is_on(tmp_path: Path) -> None:
    unpack("mkdocs-feelback", tmp_path)
    entry = b"[mkdocs.plugins]\nfeelback = mkdocs_feelback.plugin:FeelbackPlugin\n"
    info = {"METADATA": b"Metadata-Version: 2.1\nName: mkdocs-feelback\nVersion: 0\n", "entry_points.txt": entry}
    write(info, tmp_path / "mkdocs_feelback-0.dist-info")
    write({"one.md": b"# One\n"}, tmp_path / "docs")

    def build(settings: str, is_good: bool = True) -> str:
        text = f"site_name: Tests\nsite_url: https://docs.example/\nplugins:\n  - feelback: {{{settings}}}\n"
        (tmp_path / "mkdocs.yml").write_text(text)
        return run([PYTHON, "-m", "mkdocs", "build", "--strict", "--quiet"], tmp_path, is_good)

    build("enabled: false")
    assert elements(tmp_path / "site/one/index.html") == []
    assert "'server'" in build(f"widget: {WIDGET}", is_good=False)
    assert "'widget'" in build(f"server: '{SERVER}'", is_good=False)
    build(f"server: '{SERVER}', widget: {WIDGET}")
    assert len(elements(tmp_path / "site/one/index.html")) == 1
