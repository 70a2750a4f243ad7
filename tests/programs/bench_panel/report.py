"""The table, and what of our aims is reached."""

from tests.programs.bench_panel.measure import Taken
from tests.programs.bench_panel.pages import FIRST_PAGE_BYTES, MOST_QUERIES, PAGES


def table(taken: dict[str, Taken]) -> str:
    """A row a page."""
    rows = [f"{'page':<46} {'p50 ms':>8} {'p95 ms':>8} {'aim':>6} {'CPU ms':>8} {'queries':>8} {'kB':>6}"]
    for page in PAGES:
        seen = taken[page.name]
        aim = f"{page.most_ms:.0f}" if page.most_ms else ""
        rows.append(
            f"{page.name:<46} {seen.quantile(0.5):>8.1f} {seen.quantile(0.95):>8.1f} {aim:>6} {seen.cpu:>8.1f}"
            f" {seen.queries:>8} {seen.size / 1000:>6.1f}"
        )
    return "\n".join(rows)


def missed(taken: dict[str, Taken], first_page: int) -> list[str]:
    """What falls short, in words."""
    found = [
        f"{page.name}: {taken[page.name].quantile(0.95):.1f} ms instead of {page.most_ms:.0f}"
        for page in PAGES
        if page.most_ms and taken[page.name].quantile(0.95) > page.most_ms
    ]
    found += [
        f"{page.name}: {taken[page.name].queries} queries instead of {MOST_QUERIES}"
        for page in PAGES
        if page.name.startswith("overview") and taken[page.name].queries > MOST_QUERIES
    ]
    if first_page > FIRST_PAGE_BYTES:
        found.append(f"the first page: {first_page:,} bytes instead of {FIRST_PAGE_BYTES:,}")
    return found
