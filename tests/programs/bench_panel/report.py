"""The table, and what of our aims is reached."""

from tests.programs.bench.report import Line
from tests.programs.bench_panel.baselines import BARE, EMPTY
from tests.programs.bench_panel.measure import Taken
from tests.programs.bench_panel.pages import FIRST_PAGE_BYTES, MOST_QUERIES, MULTIPLES, PAGES


def table(costs: dict[str, Taken]) -> str:
    """A row a page, with its CPU time as a multiple of the two that it is compared with."""
    head = ("p50 ms", "p95 ms", "CPU ms", "× empty", "× bare", "queries", "kB")
    rows = [f"{'page':<50}" + "".join(f" {each:>8}" for each in head)]
    for name, cost in costs.items():
        rows.append(
            f"{name:<50} {cost.quantile(0.5):>8.1f} {cost.quantile(0.95):>8.1f} {cost.cpu:>8.1f}"
            f" {cost.cpu / costs[EMPTY].cpu:>8.2f} {cost.cpu / costs[BARE].cpu:>8.1f}"
            f" {cost.queries:>8} {cost.size / 1000:>8.1f}"
        )
    return "\n".join(rows)


def lines(costs: dict[str, Taken], first_page: int) -> list[Line]:
    """What is to be reached, and what it is."""
    slow = (
        Line(f"{page.name}: p95 ms", "≤", page.most_ms, costs[page.name].quantile(0.95))
        for page in PAGES
        if page.most_ms
    )
    multiples = (
        Line(f"{name}: CPU over {other}", "≤", most, costs[name].cpu / costs[other].cpu)
        for name, other, most in MULTIPLES
    )
    queries = max(costs[page.name].queries for page in PAGES if page.name.startswith("overview"))
    return [
        *slow,
        *multiples,
        Line("queries of an overview", "≤", MOST_QUERIES, queries),
        Line("the first page with all that it needs: bytes", "≤", FIRST_PAGE_BYTES, first_page),
    ]
