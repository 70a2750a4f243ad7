"""What packages for static site generators share: the element as HTML, its words in every language of the SDK."""

import json
from collections.abc import Callable

from app.config import ROOT
from tests.programs.packages.files import SOURCES, Files

_LABELS = ("Yes", "No", "Like", "Upvote", "Downvote")
_TEXTS = ("message", "send")
# Other codes of the same languages. Packages look for the whole code of a page, then for its first part.
_ALIASES = {
    "zh-hans": ("zh", "zh-cn", "zh-sg", "zh-hans-cn", "zh-hans-sg"),
    "zh-hant": ("zh-tw", "zh-hk", "zh-mo", "zh-hant-tw", "zh-hant-hk", "zh-hant-mo"),
    "nb": ("no", "nn"),
}


def shared(module: str) -> Callable[[], Files]:
    """Return what makes the files of the Python package `module` that all such packages have."""

    return lambda: {
        f"{module}/element.py": (SOURCES / "element.py").read_bytes(),
        f"{module}/words.json": _words(),
    }


def words(path: str) -> Callable[[], Files]:
    """Return what makes the file of words at `path` in a package."""
    return lambda: {path: _words()}


def _words() -> bytes:
    every = {}
    for path in sorted((ROOT / "static/sdk/languages").glob("*.json")):
        texts = json.loads(path.read_text())
        labels = {label: texts["labels"][label] for label in _LABELS if label in texts["labels"]}
        for code in (path.stem, *_ALIASES.get(path.stem, ())):
            every[code] = labels | {name: texts[name] for name in _TEXTS}
    return (json.dumps(every, ensure_ascii=False, indent=1) + "\n").encode()
