"""The editor of a widget: what its form says, its rows moved about, and the values to store."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.panel.shared import read
from app.panel.widgets import option_rows
from app.panel.widgets.gallery import Idea
from app.panel.widgets.option_rows import MOST, OptionRow
from app.panel.widgets.rows import RowKind, edit_rows
from app.queries.follow_ups import ArchivedReason
from app.queries.widget_settings import WidgetDesign, WidgetSettings
from app.text import slugs

KINDS = {"text": "Text", "email": "Email", "number": "Number", "boolean": "Checkbox", "choice": "List of options"}
COLORS, SIZES = ("accent", "background", "text"), ("radius", "size")
NEW_FIELDS = (
    {"name": "email", "kind": "email", "title": "Email", "required": "on"},
    {"name": "message", "kind": "text", "title": "Message", "required": "on", "max": "2000"},
)
_FIELD = ("name", "title", "kind", "required", "min", "max", "choices")
_OPTIONS, _FIELDS = RowKind("option", "label", MOST), RowKind("field", "title", MOST)
_AT = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3}))?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

Row = dict[str, str]


@dataclass(slots=True)
class Draft:
    """A widget as its form shows it: everything is text, so that what somebody typed is shown again as it was.

    `texts` are by language and name as in WidgetDesign. `archived` are reasons by option that may be restored. `focus`
    is the id of the element to go to, `status` what to announce there; `opened` the option whose follow-up is edited.
    """

    type: str
    name: str = ""
    options: list[OptionRow] = field(default_factory=list)
    fields: list[Row] = field(default_factory=list)
    visitor_policy: str = ""
    edit_seconds: str = "3600"
    is_open_form: bool = False
    appearance: Row = field(default_factory=dict)
    texts: dict[str, Row] = field(default_factory=dict)
    archived: dict[str, list[ArchivedReason]] = field(default_factory=dict)
    focus: str = ""
    status: str = ""
    opened: int = -1

    @property
    def fields_json(self) -> str:
        """The fields as the preview's element reads them."""
        return json.dumps([_stored_field(row, {}, n) for n, row in enumerate(self.fields) if row["name"]])

    def edit(self, command: str, copy_from: str = "") -> None:
        """Change rows, such as option-add, field-down-0, language-add-de, or of an option's follow-up reason-up-2-0.

        `followup-copy-2` copies the follow-up of the option in the place `copy_from`, `followup-remove-2` removes one.
        """
        part, _, rest = command.partition("-")
        verb, _, at = rest.partition("-")
        place = _AT.fullmatch(at)
        n, m = (int(place[1]), int(place[2] or -1)) if place else (-1, -1)
        if part == "language" and verb == "add" and _LANGUAGE.fullmatch(at):
            self.texts.setdefault(at, {})
            self.focus, self.status = f"text:{at}:label", f"Texts in {at} added"
        elif part == "option":
            self.focus, self.status = edit_rows(self.options, _OPTIONS, verb, n, OptionRow())
        elif part == "field":
            self.focus, self.status = edit_rows(self.fields, _FIELDS, verb, n, dict.fromkeys(_FIELD, ""))
        elif part in ("reason", "followup") and 0 <= n < len(self.options):
            row, self.opened = self.options[n], n
            if part == "reason":
                archived = self.archived.get(row.value, [])
                self.focus, self.status = row.follow_up.edit_reasons(verb, n, m, archived)
            else:
                self.focus, self.status = option_rows.edit_follow_up(self.options, verb, n, copy_from)

    @property
    def asking(self) -> list[int]:
        """The places of the options that have a follow-up to store."""
        return [n for n, row in enumerate(self.options) if row.value and not row.follow_up.is_empty]

    def follow_ups(self) -> list[dict[str, Any]]:
        """The follow-ups to store, once `values` has given each option its value."""
        rows = (self.options[n] for n in self.asking)
        return [row.follow_up.as_document(row.value, self.archived.get(row.value, [])) for row in rows]

    def values(self, errors: dict[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The settings and the options to store. What is wrong is added to `errors`, by the field's name."""
        if not self.name:
            errors["name"] = "Enter the question."
        values = {row.value for row in self.options}
        options = []
        for n, row in enumerate(self.options):
            if not row.value and (row.label or row.icon):
                row.value = _free(slugs.slug(row.label or row.icon), values)
            if row.value:
                weight = _decimal(row.weight or "0", f"weight-{n}", "Weight", errors)
                if abs(weight) > 1:
                    errors[f"weight-{n}"] = f"Weight must be between −1 and 1, not {row.weight}."
                options.append(row.as_document(weight))
            elif not row.follow_up.is_empty:
                errors[f"label-{n}"] = "Enter a label, or remove the option with its follow-up."
        settings: dict[str, Any] = {
            "name": self.name,
            "edit_seconds": None if self.edit_seconds == "" else int(self.edit_seconds),
            "appearance": self._stored_appearance(errors),
            "texts": {language: words for language, texts in self.texts.items() if (words := _filled(texts))},
        }
        if self.visitor_policy:
            settings["visitor_policy"] = self.visitor_policy
        if self.type == "form":
            rows = enumerate(self.fields)
            settings["fields"] = [_stored_field(row, errors, n) for n, row in rows if row["name"] or row["title"]]
            settings["is_open_form"] = self.is_open_form
        return settings, options

    def _stored_appearance(self, errors: dict[str, str]) -> dict[str, Any]:
        filled = _filled(self.appearance)
        return {
            name: _decimal(text, name, "Corners" if name == "radius" else "Text size", errors)
            if name in SIZES
            else text.lower()
            for name, text in filled.items()
        }


def of_idea(idea: Idea) -> Draft:
    """A new widget, from the gallery."""
    fields = [{**dict.fromkeys(_FIELD, ""), **row} for row in NEW_FIELDS] if idea.type == "form" else []
    return Draft(idea.type, idea.question, option_rows.of_options(idea.options, idea.follow_ups), fields)


def of_widget(widget: WidgetSettings, design: WidgetDesign, archived: Iterable[ArchivedReason]) -> Draft:
    """A widget as it is stored, with the reasons that its options do not offer any more."""
    options = [each for each in widget.all_options if not each.retired]
    return Draft(
        widget.type,
        widget.name,
        option_rows.of_options(options, widget.all_follow_ups),
        [_field_row(each) for each in json.loads(widget.fields)],
        widget.visitor_policy,
        "" if widget.edit_seconds is None else f"{widget.edit_seconds:.0f}",
        widget.is_open_form,
        {name: f"{value:g}" if isinstance(value, float | int) else value for name, value in design.appearance.items()},
        design.texts,
        _by_option(archived),
    )


def of_form(form: Mapping[str, str], archived: Iterable[ArchivedReason] = ()) -> Draft:
    """A widget as somebody's form says."""
    texts: dict[str, Row] = {}
    for name in form:
        kind, _, rest = name.partition(":")
        language, _, key = rest.partition(":")
        if kind == "text" and key:
            texts.setdefault(language[:35], {})[key[:120]] = read.text(form, name, 200)
    return Draft(
        read.text(form, "type", 20),
        read.text(form, "name", 300),
        option_rows.of_form(form),
        [{key: read.text(form, f"{key}-{n}", 2000) for key in _FIELD} for n in range(MOST) if f"name-{n}" in form],
        read.text(form, "visitor_policy", 20),
        "" if form.get("edit_seconds") == "" else str(read.number(form, "edit_seconds", 3600, 0, 315_360_000)),
        "is_open_form" in form,
        {
            **{name: read.text(form, name, 20) for name in COLORS if f"own_{name}" in form},
            **{name: read.text(form, name, 20) for name in SIZES},
        },
        texts,
        _by_option(archived),
    )


def _by_option(archived: Iterable[ArchivedReason]) -> dict[str, list[ArchivedReason]]:
    result: dict[str, list[ArchivedReason]] = {}
    for each in archived:
        result.setdefault(each.option, []).append(each)
    return result


def _field_row(stored: dict[str, Any]) -> Row:
    return {
        "name": stored["name"],
        "title": stored.get("label", ""),
        "kind": stored.get("kind", "text"),
        "required": "on" if stored.get("required") else "",
        "min": f"{stored['min']:g}" if stored.get("min") is not None else "",
        "max": f"{stored['max']:.0f}" if stored.get("max") is not None else "",
        "choices": ", ".join(stored.get("choices") or []),
    }


def _stored_field(row: Row, errors: dict[str, str], n: int) -> dict[str, Any]:
    kind = row["kind"] if row["kind"] in KINDS else "text"
    limits = {
        name: _decimal(row[name], f"{name}-{n}", label, errors)
        for name, label in (("min", "Min"), ("max", "Max"))
        if row[name]
    }
    choices = [part.strip() for part in row["choices"].split(",") if part.strip()]
    return {
        "name": row["name"] or slugs.slug(row["title"]).replace("-", "_"),
        "kind": kind,
        "label": row["title"],
        "required": bool(row["required"]),
        **limits,
        **({"choices": choices} if kind == "choice" else {}),
    }


def _filled(texts: Row) -> Row:
    return {name: text for name, text in texts.items() if text}


def _free(value: str, values: set[str]) -> str:
    free, n = value, 2
    while free in values:
        free, n = f"{value}-{n}", n + 1
    values.add(free)
    return free


def _decimal(text: str, name: str, label: str, errors: dict[str, str]) -> float:
    try:
        number = float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        number = float("nan")
    if not abs(number) <= 1e12:
        errors[name] = f"{label} must be a number, not {text}."
        return 0
    return int(number) if number.is_integer() else number
