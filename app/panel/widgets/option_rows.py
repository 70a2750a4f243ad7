"""An option in the editor of a widget, with its follow-up."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.panel.shared import read
from app.panel.widgets import follow_up_rows
from app.panel.widgets.follow_up_rows import FollowUpRow
from app.panel.widgets.rows import Outcome
from app.queries.follow_ups import FollowUp
from app.queries.widget_settings import WidgetOption
from app.queries.widgets import Option

MOST = 100


@dataclass(slots=True)
class OptionRow:
    """An option as its form shows it; everything is text."""

    value: str = ""
    label: str = ""
    icon: str = ""
    weight: str = ""
    follow_up: FollowUpRow = field(default_factory=FollowUpRow)

    @property
    def name(self) -> str:
        """What the editor calls it."""
        return self.label or self.value or self.icon

    def as_document(self, weight: float) -> dict[str, Any]:
        """The option to store."""
        return {"value": self.value, "label": self.label, "icon": self.icon, "weight": weight}


def of_options(options: Iterable[Option | WidgetOption], follow_ups: Iterable[FollowUp]) -> list[OptionRow]:
    """Options as they are stored."""
    of = {each.option: each for each in follow_ups}
    return [
        OptionRow(
            each.value, each.label, each.icon, f"{each.weight:g}", follow_up_rows.of_follow_up(of.get(each.value))
        )
        for each in options
    ]


def of_form(form: Mapping[str, str]) -> list[OptionRow]:
    """Options as somebody's form says."""
    return [
        OptionRow(
            read.text(form, f"value-{n}", 200),
            read.text(form, f"label-{n}", 200),
            read.text(form, f"icon-{n}", 200),
            read.text(form, f"weight-{n}", 200),
            follow_up_rows.of_form(form, n),
        )
        for n in range(MOST)
        if f"value-{n}" in form
    ]


def edit_follow_up(options: list[OptionRow], verb: str, n: int, copy_from: str) -> Outcome:
    """Remove the follow-up of the option in that place, or copy that of the option in the place `copy_from`."""
    if verb == "remove":
        options[n].follow_up = FollowUpRow()
        return Outcome(f"ask-{n}", "Follow-up removed")
    source = read.number({"": copy_from}, "", MOST, 0, MOST)
    if verb != "copy" or source >= len(options):
        return Outcome()
    if options[source].follow_up.is_empty:
        return Outcome(f"followup-copy-{n}", f"{options[source].name} has no follow-up to copy")
    options[n].follow_up = copy.deepcopy(options[source].follow_up)
    return Outcome(f"ask-{n}", f"Follow-up copied from {options[source].name}")
