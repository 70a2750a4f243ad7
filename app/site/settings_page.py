"""The page of all settings, drawn from .env.example, which a test holds equal to what there is."""

import re

from app.config import ROOT

INTRODUCTION = """# Settings

Every setting is a variable of the environment, or a line of a file called `.env`. The environment wins; an empty value
is the default. All faults are told at once when the program starts.
"""


def text() -> str:
    """The page as Markdown: a heading a setting, its default and what it is for."""
    parts, said = [INTRODUCTION], []
    for line in (ROOT / ".env.example").read_text().splitlines()[1:]:
        found = re.fullmatch(r"([A-Z_0-9]+)=(.*)", line)
        if line.startswith("# "):
            said.append(line[2:])
        elif found:
            name, value = found.groups()
            default = f"By default `{value}`." if value else ""
            words = " ".join(said).replace("<", "\\<")  # an address in brackets is no link here
            parts.append(f"## `{name}`\n\n{words} {default}".rstrip() + "\n")
            said = []
    return "\n".join(parts)
