"""The data of charts. Plain, so that callers need not load matplotlib."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Trend:
    """Responses of each of `days`, and of the same days of the period before; all of the same length."""

    days: tuple[date, ...]
    responses: tuple[int, ...]
    before: tuple[int, ...]
    label: str
    label_before: str


@dataclass(frozen=True, slots=True)
class Share:
    """The number of responses with an option of `weight` (-1 to 1)."""

    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """A row per widget: its name, a short figure, and the shares of its options, which together fill the row."""

    rows: tuple[tuple[str, str, tuple[Share, ...]], ...]


@dataclass(frozen=True, slots=True)
class Positive:
    """The label and positive share (0 to 1) of consecutive periods; None where no response judged."""

    points: tuple[tuple[str, float | None], ...]


Chart = Trend | Distribution | Positive
