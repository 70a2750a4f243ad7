"""The packages that `make packages` builds: one row each, from the folder of that name in static/packages.

The folder holds what is particular to a package: its sources, README.md and manifest (package.json, pyproject.toml).
`files.py` adds what all share, `kinds.py` makes the archives.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.programs.packages import elements, sdk
from tests.programs.packages.files import Files


def _no_files() -> Files:
    return {}


@dataclass(frozen=True)
class Package:
    """A package: its folder in static/packages, its kind, a key of `kinds.KINDS`, and what it has besides the folder.

    `more` returns files that other programs make. `name` is that of archives of the kinds that have no manifest.
    """

    folder: str
    kind: str
    more: Callable[[], Files] = _no_files
    name: str = ""


PACKAGES = [
    Package("wordpress", "zip", name="feelback"),
    Package("mkdocs-feelback", "python", elements.shared("mkdocs_feelback")),
    Package("sphinx-feelback", "python", elements.shared("sphinx_feelback")),
    Package("hugo", "zip", elements.words("data/feelback_words.json"), "hugo-feelback"),
    Package("jekyll", "zip", elements.words("_data/feelback_words.json"), "jekyll-feelback"),
    Package("feelback", "npm", sdk.files),
    Package("react", "npm"),
    Package("vue", "npm"),
    Package("astro", "npm"),
    Package("docusaurus", "npm"),
    Package("starlight", "npm"),
    Package("vitepress", "npm"),
    Package("nuxt", "npm"),
    Package("nextra", "npm"),
]
