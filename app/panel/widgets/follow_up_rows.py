"""The follow-up of an option in the editor: what its form says, its reasons moved about, and what to store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.panel.shared import read
from app.panel.widgets.rows import Outcome, RowKind, edit_rows
from app.queries.follow_ups import ArchivedReason, FollowUp
from app.text import slugs

MOST_REASONS = 20
# Longer than the database takes, so that it says so rather than that a text is cut.
_TEXT = 1000


@dataclass(slots=True)
class ReasonRow:
    """A reason; a new one has no value yet."""

    label: str = ""
    value: str = ""


@dataclass(slots=True)
class FollowUpRow:
    """What is asked after an option; nothing where it is empty."""

    question: str = ""
    thanks: str = ""
    multiple: bool = False
    message: bool = False
    contact: bool = False
    reasons: list[ReasonRow] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not (self.question or self.thanks or self.message or self.contact or self._filled)

    @property
    def _filled(self) -> list[ReasonRow]:
        return [row for row in self.reasons if row.label or row.value]

    def edit_reasons(self, verb: str, option: int, n: int, archived: list[ArchivedReason]) -> Outcome:
        """Add, move or remove a reason of the option in that place, or restore one of those that are archived."""
        if verb == "restore" and 0 <= n < len(archived):
            self.reasons.append(ReasonRow(archived[n].label, archived[n].value))
            return Outcome(f"reason-{option}-{len(self.reasons) - 1}", f"Restored {archived[n].label}")
        kind = RowKind("reason", "reason", MOST_REASONS, f"{option}-")
        return edit_rows(self.reasons, kind, verb, n, ReasonRow())

    def restorable(self, archived: Iterable[ArchivedReason]) -> list[tuple[int, ArchivedReason]]:
        """The archived reasons that are not among its own, with their places in the list."""
        values = {row.value for row in self.reasons}
        return [(n, each) for n, each in enumerate(archived) if each.value not in values]

    def as_document(self, option: str, archived: Iterable[ArchivedReason]) -> dict[str, Any]:
        """The follow-up to store; new reasons get a value from their label, or that of an archived one with it."""
        self.reasons = self._filled
        values = {row.value: row.label for row in self.reasons if row.value}
        known = {each.label.casefold(): each.value for each in archived}
        known |= {row.label.casefold(): row.value for row in self.reasons if row.value}
        for row in self.reasons:
            if not row.value:
                row.value = _value(row.label, known, values)
        return {
            "option": option, "question": self.question, "thanks": self.thanks or None, "multiple": self.multiple,
            "message": self.message, "contact": self.contact,
            "reasons": [{"value": row.value, "label": row.label} for row in self.reasons],
        }  # fmt: skip


def of_follow_up(item: FollowUp | None) -> FollowUpRow:
    """A follow-up as it is stored, or an empty one."""
    if item is None:
        return FollowUpRow()
    reasons = [ReasonRow(each.label, each.value) for each in item.reasons]
    return FollowUpRow(item.question, item.thanks or "", item.multiple, item.message, item.contact, reasons)


def of_form(form: Mapping[str, str], n: int) -> FollowUpRow:
    """The follow-up of the option in that place as somebody's form says."""
    return FollowUpRow(
        read.text(form, f"ask-{n}", _TEXT),
        read.text(form, f"thanks-{n}", _TEXT),
        f"multiple-{n}" in form,
        f"takes_message-{n}" in form,
        f"takes_contact-{n}" in form,
        [
            ReasonRow(read.text(form, f"reason-{n}-{m}", _TEXT), read.text(form, f"reason_value-{n}-{m}", _TEXT))
            for m in range(2 * MOST_REASONS)
            if f"reason-{n}-{m}" in form
        ],
    )


def _value(label: str, known: dict[str, str], values: dict[str, str]) -> str:
    """The value of a new reason. One of the same label gets the same value, which the database then refuses."""
    value = known.get(label.casefold()) or slugs.slug(label)
    free, n = value, 2
    while values.setdefault(free, label) != label:
        free, n = f"{value}-{n}", n + 1
    return free
