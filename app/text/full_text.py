"""Full-text search over short texts by SQLite's FTS5, in memory: word stems, beginnings of words, and misspellings."""

import difflib
import re
import sqlite3
import threading
import weakref
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

MOST_WORDS = 10
LEAST_MISSPELT = 4  # letters; of shorter words too many others are close
MOST_MISSPELT = 2  # words of a query: each is compared with all that are known


class Hit(NamedTuple):
    """A document that matches: its position in the index, and an excerpt around the words that match."""

    position: int
    excerpt: str


class Index:
    """Documents of several fields, the last of which is the text that excerpts are from."""

    def __init__(self, documents: Sequence[Sequence[str]], weights: Sequence[float]) -> None:
        """Index documents whose fields count by `weights`."""
        self._lock = threading.Lock()
        self._weights = ", ".join(str(weight) for weight in weights)
        self._last = len(weights) - 1
        self._words = sorted({word for each in documents for field in each for word in _words(field)})
        self._closest = lru_cache(maxsize=1000)(self._find_closest)
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, self._connection.close)  # Python 3.13 warns of connections that are left open
        fields = ", ".join(f"field{at}" for at in range(len(weights)))
        self._connection.execute(f"create virtual table document using fts5({fields}, tokenize = 'porter unicode61')")
        marks = ", ".join("?" * (len(weights) + 1))
        self._connection.executemany(
            f"insert into document (rowid, {fields}) values ({marks})",  # noqa: S608 - numbers and names from here
            [(at, *each) for at, each in enumerate(documents)],
        )

    def search(self, query: str, most: int) -> list[Hit]:
        """Return up to `most` documents with all words of a query, best first; without any, those with some of them."""
        terms: list[str] = []
        with self._lock:
            misspelt = 0
            for word in _words(query)[:MOST_WORDS]:
                # What FTS5 looks for: the word's stem or what begins with it, otherwise the word closest to it.
                term = f'("{word}" OR "{word}"*)'
                if len(word) >= LEAST_MISSPELT and misspelt < MOST_MISSPELT and not self._hits(term, 1):
                    misspelt += 1
                    term = self._closest(word) or term
                terms.append(term)
            return self._hits(" AND ".join(terms), most) or self._hits(" OR ".join(terms), most)

    def _hits(self, match: str, most: int) -> list[Hit]:
        if not match:
            return []
        return [
            Hit(*row)
            for row in self._connection.execute(
                f"select rowid, snippet(document, {self._last}, '', '', ' … ', 28) from document"  # noqa: S608 - as above
                f" where document match ? order by bm25(document, {self._weights}) limit ?",
                (match, most),
            )
        ]

    def _find_closest(self, word: str) -> str | None:
        closest = difflib.get_close_matches(word, self._words, n=1, cutoff=0.8)
        return f'"{closest[0]}"' if closest else None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
