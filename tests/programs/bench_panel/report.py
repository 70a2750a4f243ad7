"""The table, and what of our aims is reached."""

from tests.programs.bench_panel.measure import Taken
from tests.programs.bench_panel.pages import FIRST_PAGE_BYTES, MOST_QUERIES, PAGES


def table(costs: dict[str, Taken]) -> str:
    """A row a page."""
    rows = [f"{'page':<46} {'p50 ms':>8} {'p95 ms':>8} {'aim':>6} {'CPU ms':>8} {'queries':>8} {'kB':>6}"]
    for page in PAGES:
        cost = costs[page.name]
        aim = f"{page.most_ms:.0f}" if page.most_ms else ""
        rows.append(
            f"{page.name:<46} {cost.quantile(0.5):>8.1f} {cost.quantile(0.95):>8.1f} {aim:>6} {cost.cpu:>8.1f}"
            f" {cost.queries:>8} {cost.size / 1000:>6.1f}"
        )
    return "\n".join(rows)


def missed(costs: dict[str, Taken], first_page: int) -> list[str]:
    """What falls short, in words."""
    lines = [
        f"{page.name}: {costs[page.name].quantile(0.95):.1f} ms instead of {page.most_ms:.0f}"
        for page in PAGES
        if page.most_ms and costs[page.name].quantile(0.95) > page.most_ms
    ]
    lines += [
        f"{page.name}: {costs[page.name].queries} queries instead of {MOST_QUERIES}"
        for page in PAGES
        if page.name.startswith("overview") and costs[page.name].queries > MOST_QUERIES
    ]
    if first_page > FIRST_PAGE_BYTES:
        lines.append(f"the first page: {first_page:,} bytes instead of {FIRST_PAGE_BYTES:,}")
    return lines
