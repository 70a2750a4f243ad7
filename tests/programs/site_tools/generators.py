"""Static site generators: a site of two pages each, with our package from its archive."""

import mimetypes
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.programs.site_tools import debian

# Python's tools, of which the sites are built, in an environment of their own.
PYTHON = ("mkdocs==1.6.1", "mkdocs-material==9.8.2", "Sphinx==9.0.4", "furo==2025.12.19", "hatchling==1.33.0")
PLACEHOLDERS = ("https://your.host", "THE WIDGET'S ID", "https://docs.example")
MARKDOWN = {"one.md": "# One\n\n[Two](two.md)\n", "two.md": "# Two\n\nWords.\n"}
RST = {"one.rst": "One\n===\n\n:doc:`two`\n", "two.rst": "Two\n===\n\nWords.\n"}
MKDOCS = """\
site_name: Tests
site_url: https://docs.example/
repo_url: https://git.example/docs
edit_uri: edit/main/docs/
theme: {theme}
nav: [{One: one.md}, {Two: two.md}]
plugins:
  - search
  - feelback: {server: "https://your.host", widget: "THE WIDGET'S ID"{label}}
"""
FEEDBACK = """\
extra:
  analytics:
    feedback:
      title: Was this page helpful?
      ratings:
        - {icon: material/emoticon-happy-outline, name: Helpful, data: 1, note: Thanks for that!}
        - {icon: material/emoticon-sad-outline, name: To be improved, data: 0, note: "Tell us <a href='https://git.example/new?title={title}'>more</a>"}
"""
SPHINX = """\
project = "Tests"
language = "{language}"
version = "2.1"
extensions = ["sphinx_feelback"]
html_theme = "{theme}"
html_baseurl = "https://docs.example/"
root_doc = "one"
feelback_server = "https://your.host"
feelback_widget = "THE WIDGET'S ID"
feelback_label = "Was this page helpful?"
feelback_edit_url = "https://git.example/edit/{path}"
"""
HUGO = """\
baseURL = "https://docs.example/"
title = "Tests"
defaultContentLanguage = "de"
theme = ["feelback"]
disableKinds = ["taxonomy", "term", "RSS", "sitemap"]
[params.feelback]
server = "https://your.host"
widget = "THE WIDGET'S ID"
label = "Was this page helpful?"
version = "2.1"
editURL = "https://git.example/edit/{path}"
"""
LAYOUT = """<!doctype html><html lang="de"><meta charset="utf-8"><title>{{ .Title }}</title><body>
<h1>{{ .Title }}</h1>{{ .Content }}{{ partial "feelback.html" . }}"""
JEKYLL = """\
url: https://docs.example
lang: de
feelback: {server: "https://your.host", widget: "THE WIDGET'S ID", label: "Was this page helpful?"}
"""
JEKYLL_PAGE = """---
permalink: /{name}/
title: {title}
---
<!doctype html><html lang="de"><meta charset="utf-8"><title>{title}</title><body><h1>{title}</h1><a href="/two/">Two</a>
{% include feelback.html %}
"""


@dataclass(frozen=True)
class Site:
    """A site of a generator.

    `files` are its sources with placeholders, `build` the command that writes `output`, `yes` and `no` the names of the
    buttons, `context` what a response from page one carries, and `note` what is shown after it.
    """

    name: str
    archive: str
    files: dict[str, str]
    build: tuple[str, ...]
    output: str = "site"
    one: str = "/one/"
    two: str = "/two/"
    yes: str = "Ja"
    no: str = "Nein"
    thanks: str = "Danke!"
    note: str = ""
    context: dict[str, str] = field(default_factory=dict)


def _mkdocs(theme: str, label: str, more: str = "") -> dict[str, str]:
    text = MKDOCS.replace("{theme}", theme).replace("{label}", label) + more
    return {"mkdocs.yml": text} | {f"docs/{name}": content for name, content in MARKDOWN.items()}


def _sphinx(theme: str, language: str) -> dict[str, str]:
    text = SPHINX.replace("{theme}", theme).replace("{language}", language)
    toc = "\n.. toctree::\n\n   two\n"
    return {"conf.py": text, "one.rst": RST["one.rst"] + toc, "two.rst": RST["two.rst"]}


_EDIT = "https://git.example/docs/edit/main/docs/one.md"
_ENGLISH = {"yes": "Yes", "no": "No", "thanks": "Thank you."}
SITES = [
    Site(
        "mkdocs-material", "mkdocs_feelback-*.whl", _mkdocs("{name: material, language: de}", "", FEEDBACK),
        ("python", "-m", "mkdocs", "build", "--strict"), yes="Helpful", no="To be improved", note="Thanks for that!",
        context={"locale": "de", "version": "2.1", "editUrl": _EDIT},
    ),
    Site(
        "mkdocs", "mkdocs_feelback-*.whl",
        _mkdocs("{name: mkdocs, locale: de, highlightjs: false}", ', label: "Hilfreich?"'),
        ("python", "-m", "mkdocs", "build", "--strict"),
        context={"locale": "de", "version": "2.1", "editUrl": _EDIT},
    ),
    Site(
        "sphinx-alabaster", "sphinx_feelback-*.whl", _sphinx("alabaster", "de"),
        ("python", "-m", "sphinx", "-W", "-q", ".", "site"), one="/one.html", two="/two.html",
        context={"locale": "de", "version": "2.1", "editUrl": "https://git.example/edit/one.rst"},
    ),
    Site(
        "sphinx-furo", "sphinx_feelback-*.whl", _sphinx("furo", "en"),
        ("python", "-m", "sphinx", "-W", "-q", "-j", "2", "-b", "dirhtml", ".", "site"), one="/one/", **_ENGLISH,
        context={"locale": "en", "version": "2.1", "editUrl": "https://git.example/edit/one.rst"},
    ),
    Site(
        "hugo", "hugo-feelback-*.zip",
        {
            "hugo.toml": HUGO, "config.toml": HUGO, "layouts/_default/single.html": LAYOUT,
            "content/one.md": "---\ntitle: One\n---\n[Two](/two/)\n",
            "content/two.md": "---\ntitle: Two\n---\nWords.\n",
        },
        ("hugo", "--quiet", "--destination", "site"),
        context={"locale": "de", "version": "2.1", "editUrl": "https://git.example/edit/one.md"},
    ),
    Site(
        "jekyll", "jekyll-feelback-*.zip",
        {
            "_config.yml": JEKYLL,
            **{
                f"{name}.html": JEKYLL_PAGE.replace("{name}", name).replace("{title}", name.title())
                for name in ("one", "two")
            },
        },
        ("jekyll", "build", "--quiet", "--destination", "site"), context={"locale": "de"},
    ),
]  # fmt: skip


def build(site: Site, folder: Path, archives: Path, work: Path, values: tuple[str, ...]) -> dict[str, bytes]:
    """Build the site in a new folder with `values` for the placeholders; its files by path.

    Raises:
        RuntimeError: the tool failed; with what it printed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in site.files.items():
        for placeholder, value in zip(PLACEHOLDERS, values, strict=True):
            text = text.replace(placeholder, value)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    archive = next(archives.glob(site.archive))
    environ = {**os.environ, "MIKE_DOCS_VERSION": "2.1", "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    command = list(site.build)
    if command[0] == "python":
        command[0] = str(_environment(work / "python", archive))
    else:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder / "unpacked")
        (content,) = (folder / "unpacked").iterdir()
        shutil.copytree(content, folder / "themes/feelback" if site.name == "hugo" else folder, dirs_exist_ok=True)
        shutil.rmtree(folder / "unpacked")
    debian.run(command, folder, environ)
    return {
        path.relative_to(folder / site.output).as_posix(): path.read_bytes() for path in _files(folder / site.output)
    }


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _environment(folder: Path, wheel: Path) -> Path:
    """Install the tools, once, and the wheel; the environment's Python."""
    python = folder / "bin/python"
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    if not python.exists():
        debian.run([sys.executable, "-m", "venv", str(folder)], folder.parent)
        debian.run([*install, *PYTHON], folder)
    debian.run([*install, "--no-deps", "--force-reinstall", str(wheel)], folder)
    return python


def serve(files: dict[str, bytes], add: Callable[[str, bytes, str], None]) -> None:
    """Add the files as a host of static files has them: /a/ for /a/index.html."""
    for name, content in files.items():
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        for path in {f"/{name}", f"/{name}".removesuffix("index.html")}:
            add(path, content or b" ", media_type)
