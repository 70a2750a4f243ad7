"""How much is loaded."""

from dataclasses import dataclass
from datetime import timedelta

YEARS = timedelta(days=730)
PARTS = (0.1, 0.5, 1.0)


@dataclass(frozen=True)
class Scale:
    """`sizes` are the rows of history at which everything is measured."""

    sizes: tuple[int, ...]
    accounts: int
    projects: int
    placements: int
    responses: int


def scale(rows: int) -> Scale:
    """For `rows` at last: 10 million on 100,000 pages in 200 projects of 50 accounts, less in proportion."""
    placements = min(max(rows // 100, 1000), 100_000)
    projects = max(placements // 500, 8)
    return Scale(
        sizes=tuple(round(rows * part) for part in PARTS),
        accounts=projects // 4,
        projects=projects,
        placements=placements,
        responses=min(rows // 100, 10_000),
    )
