"""Which pages are measured, and what we aim at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """An address under the project's; `most_ms` is what the slowest twentieth should stay within, if anything."""

    name: str
    path: str
    most_ms: float | None = None


WINDOWS = {"24 hours": "24h", "7 days": "7d", "30 days": "30d", "90 days": "90d", "1 year": "365d"}
DAYS = "from={from_day}&to={to_day}"
PAGES = (
    *(Page(f"overview, {words}", f"?window={name}", 30) for words, name in WINDOWS.items()),
    Page("overview, 60 days of last year", f"?{DAYS}", 30),
    *(Page(f"its fragment, {words}", f"/window?window={name}", 10) for words, name in WINDOWS.items()),
    Page("its fragment, 60 days of last year", f"/window?{DAYS}", 10),
    Page("contents by signals", "/contents"),
    Page("contents by score, fragment", "/contents/listing?sort=score"),
    Page("contents by a word, fragment", "/contents/listing?q=77"),
    Page("the busiest content", "/contents/{busy}"),
    Page("the busiest content, fragment, 1 year", "/contents/{busy}/window?window=365d", 10),
    Page("signals", "/signals"),
    Page("signals of a set, fragment", "/signals/listing?set={set}"),
    Page("signals of an option, fragment", "/signals/listing?set={set}&option={option}"),
    Page("signals of a quiet content, fragment", "/signals/listing?content={quiet}"),
    Page("signals of two years ago, fragment", "/signals/listing?to={long_ago}"),
    Page("signals by words, fragment", "/signals/listing?q=as+people+write"),
    Page("signals by words that nobody wrote, fragment", "/signals/listing?q=nobody-wrote-this"),
    Page("one signal", "/signals/{signal}"),
)
FIRST_PAGE_BYTES = 80_000
MOST_QUERIES = 3
