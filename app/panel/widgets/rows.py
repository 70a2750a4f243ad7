"""Rows of a form that are added, moved and removed one at a time, by the buttons of the editor."""

from typing import NamedTuple, TypeVar

Row = TypeVar("Row")


class RowKind(NamedTuple):
    """Rows of one kind: what their buttons' ids begin with, and the id of a row's first field."""

    part: str
    first: str
    most: int
    of: str = ""

    def button(self, verb: str, n: int) -> str:
        """The id of a button of a row, as in option-up-2 or, of the second option's reasons, reason-up-1-2."""
        return f"{self.part}-{verb}-{self.of}{n}"

    def field(self, n: int) -> str:
        """The id of the first field of a row."""
        return f"{self.first}-{self.of}{n}"

    @property
    def add_button(self) -> str:
        """The id of the button that adds a row."""
        return f"{self.part}-add-{self.of}".rstrip("-")


class Outcome(NamedTuple):
    """The id of the element to go to, and what to announce there; empty where nothing has changed."""

    focus: str = ""
    status: str = ""


def edit_rows(rows: list[Row], kind: RowKind, verb: str, n: int, new: Row) -> Outcome:
    """Add the `new` row at the end, or move row `n` up or down, or remove it."""
    if verb == "add" and len(rows) < kind.most:
        rows.append(new)
        return Outcome(kind.field(len(rows) - 1), f"{kind.part.capitalize()} {len(rows)} added")
    if verb == "remove" and 0 <= n < len(rows):
        del rows[n]
        focus = kind.field(min(n, len(rows) - 1)) if rows else kind.add_button
        return Outcome(focus, f"{kind.part.capitalize()} {n + 1} removed")
    if verb in ("up", "down") and 0 <= n < len(rows):
        to = max(n - 1, 0) if verb == "up" else min(n + 1, len(rows) - 1)
        rows.insert(to, rows.pop(n))
        # The row keeps the focus; at an end the button there is off, and the other one is next.
        is_end = to == (0 if verb == "up" else len(rows) - 1)
        focus = kind.button(("down" if verb == "up" else "up") if is_end else verb, to)
        return Outcome(focus, f"Moved to position {to + 1} of {len(rows)}")
    return Outcome()
