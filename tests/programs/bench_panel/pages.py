"""Which pages are measured, and what we aim at."""

from dataclasses import dataclass

from tests.programs.bench_panel.baselines import EMPTY


@dataclass(frozen=True)
class Page:
    """An address under the project's; `most_ms` is what the slowest twentieth should stay within, if anything."""

    name: str
    path: str
    most_ms: float | None = None


WINDOWS = {"24 hours": "24h", "7 days": "7d", "30 days": "30d", "90 days": "90d", "1 year": "365d"}
DAYS = "from={from_day}&to={to_day}"
PAGES = (
    *(Page(f"overview, {words}", f"?period={name}", 30) for words, name in WINDOWS.items()),
    Page("overview, 60 days of last year", f"?{DAYS}", 30),
    *(Page(f"its fragment, {words}", f"/window?period={name}", 10) for words, name in WINDOWS.items()),
    Page("its fragment, 60 days of last year", f"/window?{DAYS}", 10),
    Page("pages by responses", "/pages"),
    Page("pages by score, fragment", "/pages/listing?sort=score"),
    Page("pages by a word, fragment", "/pages/listing?q=77"),
    Page("pages of a month, fragment", "/pages/listing?period=last-month"),
    Page("the busiest page", "/pages/{busy}"),
    Page("the busiest page, fragment, 1 year", "/pages/{busy}/window?period=365d", 10),
    Page("today", "?period=today"),
    Page("responses", "/responses"),
    Page("responses of a widget, fragment", "/responses/listing?widget={widget}"),
    Page("responses of an option, fragment", "/responses/listing?widget={widget}&option={option}"),
    Page("responses of a quiet page, fragment", "/responses/listing?placement={quiet}"),
    Page("responses of two years ago, fragment", "/responses/listing?to={long_ago}"),
    Page("responses by words, fragment", "/responses/listing?q=as+people+write"),
    Page("responses by words that nobody wrote, fragment", "/responses/listing?q=nobody-wrote-this"),
    Page("one response", "/responses/{response}"),
)
OVERVIEW = "overview, 30 days"
FIRST_PAGE_BYTES = 80_000
MOST_QUERIES = 3
# CPU time of a page, at most, in that of another one of the same run.
MULTIPLES = (
    *((f"its fragment, {words}", EMPTY, 2) for words in WINDOWS),
    ("responses by words that nobody wrote, fragment", "responses by words, fragment", 3),
    ("responses of a quiet page, fragment", "responses of a widget, fragment", 1.5),
    ("pages by responses", OVERVIEW, 1.5),
)
