"""The table, the ratios, and how far they are from what is to be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median

from tests.programs.bench.report import Line, aligned, figure
from tests.programs.bench_rollup.clock import Cost, medians
from tests.programs.bench_rollup.ingestion import ALONE, OTHER_WORK, REFRESHES, Taken


@dataclass(frozen=True)
class Figure:
    """What something cost in each round, with `size` rows of history; `returned` is how many rows a read gave."""

    name: str
    size: int
    rounds: tuple[Cost, ...]
    returned: float | None = None

    @property
    def cost(self) -> Cost:
        """The median."""
        return medians(list(self.rounds))


def table(figures: Sequence[Figure]) -> str:
    """A line for each name: milliseconds and CPU milliseconds at each size, and how much more CPU the last takes."""
    sizes = sorted({each.size for each in figures})
    cells = [("ms, and of them CPU", *(f"{size:,}" for size in sizes), "CPU, last over first", "rows returned")]
    for name in dict.fromkeys(each.name for each in figures):
        at = {each.size: each for each in figures if each.name == name}
        grown = growth(figures, name)
        returned = [f"{at[size].returned:.0f}" for size in sizes if size in at and at[size].returned is not None]
        cells.append((
            name,
            *(f"{_ms(at[size].cost.wall)} {_ms(at[size].cost.cpu):>7}" if size in at else "–" for size in sizes),
            "–" if grown is None else f"{grown:.2f}",
            "–" if not returned else " ".join(returned),
        ))  # fmt: skip
    return aligned(cells)


def growth(figures: Sequence[Figure], name: str) -> float | None:
    """How many times the CPU time of the smallest size the largest takes; None where there is but one size.

    Of a read it is the time a row of its answer: with more history some answers have more of them.
    """
    of_name = sorted((each for each in figures if each.name == name), key=lambda each: each.size)
    if len(of_name) < 2:
        return None
    first, last = (each.cost.cpu / (each.returned or 1) for each in (of_name[0], of_name[-1]))
    return last / first


def lines(
    figures: Sequence[Figure], reads: Sequence[str], gone: Mapping[str, list[Cost]], ingested: Mapping[str, list[Taken]]
) -> list[Line]:
    """What is to be reached: of growth, of the months that went, and of responses that arrive during refreshes."""
    months = [
        (delete.wall + vacuum.wall) / drop.wall
        for delete, vacuum, drop in zip(gone["DELETE"], gone["VACUUM"], gone["DROP"], strict=True)
    ]

    def arrived(over: str) -> tuple[float, ...]:
        return tuple(
            one.a_second / other.a_second for one, other in zip(ingested[REFRESHES], ingested[over], strict=True)
        )

    return [
        *(
            Line(f"{name}: CPU, last over first", "≤", target, growth(figures, name))
            for name, target in (("refresh of days, windows and scores", 1.3), *((read, 1.2) for read in reads))
        ),
        Line("A month's DELETE and VACUUM over its DROP: time", "≥", 30, _median(months), tuple(months)),
        *(
            Line(f"Responses a second, beside refreshes over {over}", "≥", 0.8, _median(arrived(over)), arrived(over))
            for over in (ALONE, OTHER_WORK)
        ),
    ]


def table_of_ingestion(ingested: Mapping[str, list[Taken]]) -> str:
    """Ingestion; Postgres's time is with that of what went on beside it."""
    cells = [("POST /v1/responses", "responses/s", "p99 ms", "server µs", "Postgres µs", "times")]
    for kind, windows in ingested.items():
        columns = ([getattr(each, field.name) for each in windows] for field in fields(Taken))
        cells.append((kind, *(figure(median(column)) if column else "–" for column in columns)))
    return aligned(cells)


def as_json(figures: Sequence[Figure], lines: Sequence[Line]) -> dict[str, object]:
    """The same for programs, with each round's figures."""
    return {
        "figures": [{**asdict(each), "cost": asdict(each.cost)} for each in figures],
        "reach": [{**asdict(line), "reached": line.is_reached} for line in lines],
    }


def _ms(seconds: float) -> str:
    return figure(seconds * 1000)


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None
