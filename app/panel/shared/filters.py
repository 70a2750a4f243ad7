"""The filter of a screen, which its address says: the same parameters on every screen of a project."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from app.errors import FeelbackError
from app.panel.shared import auth, read, windows
from app.panel.shared.windows import Window
from app.queries import filters, window_choices
from app.queries.filters import FilterLabels
from app.queries.overview import WindowQuery
from app.queries.projects import Project
from app.text.numbers import span
from app.text.page_keys import path

# Of lists of responses: those whose option has a weight above or below 0.
SENTIMENTS = {"positive": "Positive", "unhappy": "Unhappy"}
DAYS = {"from_day": "from", "to_day": "to"}  # what Python does not take as the name of an argument, and its like
_quoted = lru_cache(maxsize=4096)(quote_plus)


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of a filter: what it is of, its value, and the query string without it."""

    name: str
    label: str
    query: str


@dataclass(frozen=True)
class Filter:
    """A window and what is left out; `labels` says what its ids are called.

    `extra` are parameters of one screen only, such as its order. A screen `is_of_page` says its page by its path. It
    has no slots, because a screen makes sixty links of it, for which it keeps what they have in common.
    """

    window: Window = field(default_factory=Window)
    page_id: UUID | None = None
    widget_id: UUID | None = None
    origin: str = ""
    option: str = ""
    reason: str = ""
    labels: FilterLabels = field(default_factory=FilterLabels)
    extra: Mapping[str, str] = field(default_factory=dict)
    is_of_page: bool = False

    @cached_property
    def values(self) -> dict[str, str]:
        """The parameters of the address; those without a value are empty."""
        return {
            **self.window.values,
            "page": str(self.page_id or ""),
            "widget": str(self.widget_id or ""),
            "option": self.option,
            "reason": self.reason,
            "origin": self.origin,
            **self.extra,
        }

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Its parameters but time, for a form that changes the time."""
        times = ("period", "from", "to")
        left_out = (*times, "page") if self.is_of_page else times
        return [(name, value) for name, value in self.values.items() if value and name not in left_out]

    @property
    def shared_query(self) -> str:
        """The query string for another screen."""
        return self.link_query()

    def link_query(self, **changes: Any) -> str:
        """The query string for another screen, with `changes` as of `query_with`."""
        return self._of_other_screen.query_with(**changes)

    @cached_property
    def _of_other_screen(self) -> "Filter":
        return replace(self, extra={}, is_of_page=False)

    @cached_property
    def query(self) -> str:
        """The query string with its question mark; empty without any parameter."""
        return self.query_with()

    def query_with(self, **changes: Any) -> str:
        """The query string with `changes` to its parameters; those that are empty are left out.

        A named period and custom days, named `from_day` and `to_day` here, replace each other.
        """
        changes = {DAYS.get(name, name): value for name, value in changes.items()}
        if changes.get("period"):
            changes |= {"from": "", "to": ""}
        elif changes.get("from"):
            changes |= {"period": ""}
        if "widget" in changes and "option" not in changes:
            changes |= {"option": ""}
        if "option" in changes and "reason" not in changes:
            changes |= {"reason": ""}
        if self.is_of_page:
            changes |= {"page": ""}
        text = "&".join(f"{name}={_quoted(str(value))}" for name, value in (self.values | changes).items() if value)
        return f"?{text}" if text else ""

    @property
    def chips(self) -> list[Chip]:
        """What of it leaves something out, in words."""
        labels = self.labels
        chips = [
            ("page", "Page", path(labels.page_key or "")),
            ("widget", "Widget", labels.widget_name or ""),
            ("option", "Answer", labels.option_label or ""),
            ("reason", "Reason", labels.reason_label or ""),
            ("sentiment", "Sentiment", SENTIMENTS.get(self.extra.get("sentiment", ""), "")),
            ("origin", "Site", "Keys that are not URLs" if self.origin == "none" else self.origin),
        ]
        return [Chip(name, label, self.query_with(**{key: ""})) for key, name, label in chips if label]

    @property
    def all_chips(self) -> list[Chip]:
        """The same with its time, for lists that are of all time without one."""
        window = self.window
        days = span(window.from_day, window.to_day) if window.from_day and window.to_day else ""
        words = window.label or days
        time = [Chip("Period", words, self.query_with(period="", from_day="", to_day=""))] if words else []
        return [*time, *self.chips]

    @property
    def is_any(self) -> bool:
        """Whether it leaves nothing out but time."""
        return not (self.page_id or self.widget_id or self.origin or self.option)

    @property
    def counts(self) -> WindowQuery:
        """What it asks of a function that counts."""
        return WindowQuery(
            name=self.window.name,
            from_day=self.window.from_day,
            to_day=self.window.to_day,
            compare=self.window.compare,
            page_id=self.page_id,
            widget_id=self.widget_id,
            origin=self.origin,
            option=self.option,
            reason=self.reason,
        )

    def for_screen(self, project: Project, labels: FilterLabels) -> "Filter":
        """The same, with the window that a screen shows and with labels."""
        return replace(self, window=self.window.resolved(project), labels=labels)


def from_query(values: Mapping[str, str]) -> Filter:
    """The filter of a query string.

    Raises:
        FeelbackError: 422 if an id is not a UUID, or it names no valid window.
    """
    widget_id = id_of(values, "widget")
    option = read.text(values, "option", 100)
    if option and not widget_id:
        raise FeelbackError(422, "“option” in the address needs the “widget” that it is of.")
    reason = read.text(values, "reason", 100)
    if reason and not option:
        raise FeelbackError(422, "“reason” in the address needs the “option” that it is of.")
    return Filter(
        windows.from_query(values), id_of(values, "page"), widget_id, read.text(values, "origin", 2048), option, reason
    )


def id_of(values: Mapping[str, str], name: str) -> UUID | None:
    """The id named `name` in a query string, if any.

    Raises:
        FeelbackError: 422 if it is not a UUID.
    """
    try:
        return UUID(values[name]) if values.get(name) else None
    except ValueError:
        raise FeelbackError(422, f"“{name}” in the address must be an id. Open the list again.") from None


async def labelled(project: Project, filter: Filter) -> Filter:
    """The same filter with labels.

    Raises:
        FeelbackError: 404 if the project does not have what it names.
    """
    labels = await filters.filter_labels(
        auth.tenant(), project.id, filter.page_id, filter.widget_id, filter.option, filter.reason
    )
    await check_origin(project, filter)
    return replace(filter, labels=labels)


async def check_origin(project: Project, filter: Filter) -> None:
    """Check that the project has pages of the filter's origin, if it has one.

    Raises:
        FeelbackError: 404 if not.
    """
    if filter.origin not in ("", "none"):
        await filters.check_origin(auth.tenant(), project.id, filter.origin)


async def remember(project: Project, url_filter: Filter) -> None:
    """Remember the period and comparison that an address names, for this person and project."""
    window = url_filter.window.resolved(project)
    name = window.name or project.window_name
    if (url_filter.window.name or url_filter.window.compare) and (name, window.compare) != (
        project.window_name, project.comparison
    ):  # fmt: skip
        await window_choices.update_window_choice(auth.tenant(), project.id, name, str(window.compare))
