"""Medians, the table, and how far they are from what is to be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median

from tests.programs.bench.cases import BATCH, CASES, Case
from tests.programs.bench.measure import Measured

HEAD = ("", "requests/s", "p50 ms", "p99 ms", "server µs", "Postgres µs", "both µs", "rows/flush", "counted")
CREATES = (("create_v0", "POST /v0/feelbacks/create"), ("create_v1", "POST /v1/responses"))
READS = (
    ("read_v0", "GET /v0/feelbacks/getAggregates"),
    ("read_v1", "GET /v1/stats, one page"),
    ("read_v1_50", "GET /v1/stats, 50 pages"),
)


@dataclass(frozen=True)
class Line:
    """One thing to reach, and its value: None where a case of it was not measured."""

    name: str
    bound: str
    target: float
    value: float | None
    rounds: tuple[float, ...] = ()

    @property
    def is_reached(self) -> bool | None:
        """Whether the value is on the right side of its bound."""
        if self.value is None:
            return None
        return self.value <= self.target if self.bound == "≤" else self.value >= self.target


def medians(rounds: list[Measured]) -> Measured:
    """The median of each figure by itself."""
    columns = ([getattr(each, field.name) for each in rounds] for field in fields(Measured))
    return Measured(*(None if None in column else median(column) for column in columns))  # type: ignore[arg-type]


def lines(measured: Mapping[str, list[Measured]]) -> list[Line]:
    """What is to be reached, beside what was in the rounds of each case.

    A ratio is that of the medians; those of each round by itself say how far to trust it.
    """
    rows = {name: medians(rounds) for name, rounds in measured.items()}

    def ratio(name: str, bound: str, target: float, figure: str, over: str, under: str) -> Line:
        if over not in rows or under not in rows:
            return Line(name, bound, target, None)
        each = [
            getattr(one, figure) / getattr(other, figure)
            for one, other in zip(measured[over], measured[under], strict=True)
        ]
        return Line(name, bound, target, getattr(rows[over], figure) / getattr(rows[under], figure), tuple(each))

    results = []
    for case, title in CREATES:
        results += [
            ratio(f"{title}: CPU over (a)", "≤", 1.25, "cpu_us", case, "noop"),
            ratio(f"{title}: CPU over (l)", "≤", 1.25, "cpu_us", case, "stock"),
            ratio(f"{title}: CPU over (c)", "≤", 0.4, "cpu_us", case, "naive"),
            ratio(f"{title}: requests/s over (a)", "≥", 0.85, "requests_a_second", case, "noop"),
            ratio(f"{title}: requests/s over (l)", "≥", 0.85, "requests_a_second", case, "stock"),
            ratio(f"{title}: p99 over (a)", "≤", 3, "p99_ms", case, "noop"),
            ratio(f"{title}: one hot page over 1,000", "≥", 0.9, "requests_a_second", f"{case}_hot", case),
        ]  # fmt: skip
    for case, title in READS:
        least = 0.7 if case.endswith("_50") else 0.85
        results += [
            ratio(f"{title}: requests/s over (a)", "≥", least, "requests_a_second", case, "noop"),
            ratio(f"{title}: requests/s over (l)", "≥", least, "requests_a_second", case, "stock"),
            ratio(f"{title}: p99 over (a)", "≤", 3, "p99_ms", case, "noop"),
        ]
    for case, title in READS[:2]:
        fast, on_uvicorn = f"{case}_uvicorn", f"{title}, on uvicorn"
        results += [
            ratio(f"{on_uvicorn}: server CPU over (a)", "≤", 0.33, "server_us", fast, "noop"),
            ratio(f"{on_uvicorn}: server CPU over (l)", "≤", 0.33, "server_us", fast, "stock"),
        ]
    for case, title in CREATES:
        fast, on_uvicorn = f"{case}_uvicorn", f"{title}, on uvicorn"
        results += [
            ratio(f"{on_uvicorn}: requests/s over Hypercorn", "≥", 2.2, "requests_a_second", fast, case),
            ratio(f"{on_uvicorn}: server CPU over (a)", "≤", 0.4, "server_us", fast, "noop"),
            ratio(f"{on_uvicorn}: server CPU over (l)", "≤", 0.4, "server_us", fast, "stock"),
            ratio(f"{on_uvicorn}: server CPU over (a) on uvicorn", "≤", 1.9, "server_us", fast, "noop_uvicorn"),
            ratio(f"{on_uvicorn}: server CPU over (l) on uvicorn", "≤", 1.9, "server_us", fast, "stock_uvicorn"),
        ]  # fmt: skip
    results.append(ratio("One connection: p50 over (c)", "≤", 1, "p50_ms", "single", "single_naive"))
    for case, title in CREATES:
        results.append(Line(f"{title}: rows a WAL flush", "≥", 10, rows[case].rows_a_flush if case in rows else None))
    batch = rows.get("batch")
    results += [
        Line("Batches of 100: responses/s per core of server time", "≥", 20_000,
             BATCH * 1e6 / batch.server_us if batch else None),
        Line("Batches of 100: the same with Postgres's time", "≥", 20_000,
             BATCH * 1e6 / batch.cpu_us if batch else None),
        ratio("50 pages' stats, 100 times the rows over few: CPU", "≤", 1.1, "cpu_us", "stats_large", "stats_small"),
    ]  # fmt: skip
    return results


def table(rows: Mapping[str, Measured]) -> str:
    """The measured cases, one a line."""
    cells = [HEAD]
    for case in CASES:
        if case.name in rows:
            row = rows[case.name]
            cells.append((
                _title(case), f"{row.requests_a_second:,.0f}", f"{row.p50_ms:.2f}", f"{row.p99_ms:.2f}",
                f"{row.server_us:.0f}" if case.server else "–", f"{row.postgres_us:.0f}", f"{row.cpu_us:.0f}",
                "–" if row.rows_a_flush is None else f"{row.rows_a_flush:.1f}",
                "–" if row.counted is None else f"{row.counted:.0%}",
            ))  # fmt: skip
    return aligned(cells)


def reached(results: list[Line]) -> str:
    """What is to be reached, one a line."""
    words = {None: "not measured", True: "reached", False: "NOT REACHED"}
    cells = [
        (each.name, "–" if each.value is None else figure(each.value), f"{each.bound} {figure(each.target)}",
         _span(each.rounds), words[each.is_reached])
        for each in results
    ]  # fmt: skip
    return aligned([("Reach", "is", "to be", "in rounds", ""), *cells], lefts=(0, 4))


def as_json(
    rounds: Mapping[str, list[Measured]], rows: Mapping[str, Measured], results: list[Line]
) -> dict[str, object]:
    """The same for programs, with each round's figures."""
    titles = {case.name: case for case in CASES}
    return {
        "rows": [
            {
                "case": name,
                "title": _title(titles[name]),
                "connections": titles[name].connections,
                "items": titles[name].items,
                **asdict(row),
                "rounds": [asdict(each) for each in rounds[name]],
            }
            for name, row in rows.items()
        ],
        "reach": [{**asdict(line), "reached": line.is_reached} for line in results],
    }


def _title(case: Case) -> str:
    return case.title + ("" if case.connections in (1, 64) else f", {case.connections} connections")


def _span(rounds: tuple[float, ...]) -> str:
    return f"{min(rounds):.2f}–{max(rounds):.2f}" if len(rounds) > 1 else "–"


def figure(value: float) -> str:
    """A number with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def aligned(cells: Sequence[tuple[str, ...]], lefts: tuple[int, ...] = (0,)) -> str:
    """The rows under each other, each column as wide as it must be; those of `lefts` begin where it does."""
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if at in lefts else text.rjust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )
