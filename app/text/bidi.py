"""Keeps names in Arabic, Hebrew and other scripts that run from right to left from reordering what stands around them.

Without it “name · 16 → 71” reads “71 → 16 · name”.
"""

import re
import unicodedata

ISOLATE, END = "\u2068", "\u2069"  # first strong isolate, pop directional isolate
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAGS = re.compile(f"<title>.*?</title>|<[^>]*>|{ISOLATE}|{END}", re.DOTALL)


def cleaned(text: str) -> str:
    """Text without characters that change the direction of what follows, such as U+202E."""
    return _CONTROLS.sub("", text)


def isolated(name: str) -> str:
    """A name to be put into a sentence: between isolates if something in it runs from right to left."""
    name = cleaned(name)
    runs_left = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in name)
    return f"{ISOLATE}{name}{END}" if runs_left else name


def with_elements(html: str) -> str:
    """HTML with bdi elements in place of isolates. In attributes and the title, where there are none, they stay."""
    return _TAGS.sub(lambda part: {ISOLATE: "<bdi>", END: "</bdi>"}.get(part[0], part[0]), html)
