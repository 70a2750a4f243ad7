"""Selectors of our stylesheets: what they style is in a template, a script or what Python renders."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# Set by htmx, or joined in a template from a prefix and a value.
MADE = {"htmx-request"}
PREFIXES = ("by-", "method-", "stage-", "try-")


def rendered() -> str:
    """Everything that can name a class, an id or an attribute, without Jinja's own words."""
    folders = {"templates": {".html", ".svg"}, "app": {".py"}, "static": {".js"}}
    paths = [path for folder, ends in folders.items() for path in (ROOT / folder).rglob("*") if path.suffix in ends]
    return re.sub(r"\{%-? *(?:set|block|macro)\b", "", "\n".join(path.read_text() for path in paths))


def attributes(text: str) -> set[str]:
    """The attributes of all tags."""
    tags = re.findall(r"<[a-z][^<>]*>", re.sub(r"\{%.*?%\}", " ", text))
    return {name for tag in tags for name in re.findall(r"\s([a-z-]+)(?=[=\s>])", tag)}


def test_every_selector_names_something() -> None:
    text, unknown = rendered(), set()
    known = attributes(text)
    for path in sorted((ROOT / "static/css").rglob("*.css")):
        sheet = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        for selector in re.findall(r"([^{}]+)\{", sheet):
            names = re.findall(r"[.#]([A-Za-z][\w-]*)", selector) if "@" not in selector else []
            patterns = {name: rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in names}
            unknown |= {f"{path.name}: [{name}]" for name in re.findall(r"\[([a-z-]+)", selector) if name not in known}
            unknown |= {
                f"{path.name}: {name}"
                for name, pattern in patterns.items()
                if name not in MADE and not name.startswith(PREFIXES) and not re.search(pattern, text)
            }
    assert unknown == set()
