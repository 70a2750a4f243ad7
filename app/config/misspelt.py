"""Names that look like settings and are none: a misspelt one would be ignored without a word."""

import difflib
from collections.abc import Collection, Iterable, Mapping

RENAMED = {
    "DOCS_SET": "DOCS_WIDGET",
    "LIMIT_CONTENTS_PER_SET": "LIMIT_PAGES_PER_WIDGET",
    "LIMIT_CONTENT_PER_SECOND": "LIMIT_PAGE_PER_SECOND",
    "LIMIT_CONTENT_BURST": "LIMIT_PAGE_BURST",
}
# Also in .env: what Compose and the storage of backups read.
OTHERS = ("DATABASE_PASSWORD", "AWS_")
SIMILAR = 0.85  # of difflib's ratio: one letter more, less, other or exchanged in a name of six
SIMILAR_SHORT = 0.88  # PORTT is like PORT; POST, which is another word, is less so
SHORT = 5


def lines(environ: Mapping[str, str], file: Iterable[str], known: Collection[str]) -> list[str]:
    """A line for each name in the .env `file` that is no setting, and for each in `environ` that is nearly one.

    The environment has many names that are not ours. One that is like a setting that is set is another program's.
    """
    texts = []
    for name in file:
        if name not in known and not name.startswith(OTHERS):
            nearest = _nearest(name, known)
            texts.append(f".env: {name} is not a setting" + (f"; did you mean {nearest}?" if nearest else "."))
    for name, value in environ.items():
        if name in known or name in file or name.startswith(OTHERS) or not value.strip():
            continue
        nearest = _nearest(name, known)
        if nearest and not environ.get(nearest, "").strip():
            texts.append(f"{name} is not a setting; did you mean {nearest}?")
    return texts


def _nearest(name: str, known: Collection[str]) -> str | None:
    for match in difflib.get_close_matches(name.upper(), known, 1, SIMILAR):
        ratio = difflib.SequenceMatcher(None, name.upper(), match).ratio()
        is_near = ratio >= SIMILAR_SHORT and name.startswith(match[0]) and name != f"{match}S"  # HOSTS is another word
        if len(match) > SHORT or is_near:
            return match
    return None
