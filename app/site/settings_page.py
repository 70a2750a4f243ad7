"""The settings page, built from .env.example, which a test compares with the settings of app/config."""

import re

from app.config import ROOT

INTRODUCTION = """# Settings

Every setting is an environment variable, or a line of a file called `.env`. The environment wins; an empty value means
the default. Invalid settings are all reported at once when the program starts.
"""


def text() -> str:
    """Return the page as Markdown: for each setting a heading, its purpose and its default."""
    parts, comments = [INTRODUCTION], []
    for line in (ROOT / ".env.example").read_text().splitlines()[1:]:
        setting = re.fullmatch(r"([A-Z_0-9]+)=(.*)", line)
        if line.startswith("# "):
            comments.append(line[2:])
        elif setting:
            name, value = setting.groups()
            default = f"By default `{value}`." if value else ""
            words = " ".join(comments).replace("<", "\\<")  # an address in brackets is no link here
            parts.append(f"## `{name}`\n\n{words} {default}".rstrip() + "\n")
            comments = []
    return "\n".join(parts)
