"""Read the settings, options and fields of a widget from its forms."""

from collections.abc import Mapping
from typing import Any

from app.errors import FeelbackError
from app.panel.shared import read

MOST = 100
KINDS = ("text", "email", "number", "boolean", "choice")
# How long a response may be edited, in seconds (None: forever), and the label.
EDIT_WINDOWS = (
    (0, "never"),
    (300, "5 minutes"),
    (3600, "1 hour"),
    (86_400, "1 day"),
    (604_800, "1 week"),
    (None, "forever"),
)


def edit_seconds(form: Mapping[str, str]) -> int | None:
    """How long a response may be edited, in seconds; None is forever."""
    return None if form.get("edit_seconds") == "" else read.number(form, "edit_seconds", 3600, 0, 315_360_000)


def options(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The options in order; rows without a value are left out.

    Raises:
        FeelbackError: 422 if a weight is not a number.
    """
    return [
        {
            "value": value,
            "label": read.text(form, f"label-{n}", 200),
            "icon": read.text(form, f"icon-{n}", 200),
            "weight": _decimal(form, f"weight-{n}", "Weight"),
        }
        for n in range(MOST)
        if (value := read.text(form, f"value-{n}", 200))
    ]


def fields(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fields of a form in order; rows without a name are left out.

    Raises:
        FeelbackError: 422 if a limit is not a number.
    """
    return [_field(form, n) for n in range(MOST) if read.text(form, f"name-{n}", 100)]


def _field(form: Mapping[str, str], n: int) -> dict[str, Any]:
    kind = read.text(form, f"kind-{n}", 20)
    choices = [part.strip() for part in form.get(f"choices-{n}", "").split(",") if part.strip()]
    limits = {
        name: _decimal(form, f"{name}-{n}", label)
        for name, label in (("min", "Min of a field"), ("max", "Max of a field"))
        if read.text(form, f"{name}-{n}", 20)
    }
    return {
        "name": read.text(form, f"name-{n}", 100),
        "kind": kind if kind in KINDS else "text",
        "label": read.text(form, f"title-{n}", 200),
        "required": f"required-{n}" in form,
        **limits,
        **({"choices": choices} if kind == "choice" else {}),
    }


def _decimal(form: Mapping[str, str], name: str, what: str) -> float:
    text = read.text(form, name, 20).replace(",", ".").replace("−", "-") or "0"
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if abs(number) > 1e12 or number != number:
        raise FeelbackError(422, f"{what} must be a number, not {text}.")
    return int(number) if number.is_integer() else number
