"""What charts show: plain data, so that who has it drawn need not load what draws."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Trend:
    """Responses a day, and those of the same days of the period before; both as long as `days`."""

    days: tuple[date, ...]
    responses: tuple[int, ...]
    before: tuple[int, ...]
    label: str
    label_before: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many responses an option of that weight (−1 to 1) has."""

    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """Of each widget its name, a figure of a few letters, and its options' shares in order; a widget's own total is
    100 %.
    """

    rows: tuple[tuple[str, str, tuple[Share, ...]], ...]


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The sentiment (−1 to 1) of periods in a row, each with its label; None where nothing was judged."""

    points: tuple[tuple[str, float | None], ...]


Chart = Trend | Distribution | Sentiment
