"""Pages that lead a window, and what its widgets say of a page."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PageFigure:
    """What a widget says of a page in a window; average and NPS are None for types without them."""

    id: UUID
    name: str
    type: str
    responses: int
    judged: int
    positive: float | None
    average: float | None
    nps: float | None
    sentiment: float | None


@dataclass(frozen=True, slots=True)
class Quote:
    """The beginning of a message."""

    id: UUID
    body: str


@dataclass(frozen=True, slots=True)
class Leader:
    """A page that leads a window: `kind` is most, by responses, or unhappy, by those of the `judged` ones."""

    kind: str
    id: UUID
    key: str
    title: str | None
    responses: int
    compared: int
    before: int | None
    judged: int
    unhappy: int
    quotes: list[Quote]
    widgets: list[PageFigure]
