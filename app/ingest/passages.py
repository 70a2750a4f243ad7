"""The passage of a page that a response is about, as the selectors of a W3C Web Annotation."""

from typing import Any

from app.errors import FeelbackError
from app.ingest.widgets import Widget
from app.ingest.wire import encode
from app.text import widget_types

# By property, how many characters it may have: of a TextQuoteSelector, and of the heading above it.
CHARS = {"exact": 1000, "prefix": 64, "suffix": 64, "heading": 300}
MOST_UNITS = 100_000_000  # UTF-16 code units of a page's text
POSITIONS = ("start", "end")
FIELDS = (*CHARS, *POSITIONS)


def validate(widget: Widget, passage: Any) -> str | None:
    """The passage as JSON; None for null.

    Raises:
        FeelbackError: 422, with the field that is wrong and its limit.
    """
    if passage is None:
        return None
    if widget.type not in widget_types.WITH_TEXT:
        raise field_error("passage", "must be left out: it goes with messages, tagged messages and forms.", limit=0)
    if type(passage) is not dict:
        raise field_error("passage", f"must be an object of {', '.join(FIELDS)}.")
    unknown = sorted(passage.keys() - set(FIELDS))
    if unknown:
        raise field_error("passage", f"has no field {unknown[0][:64]}. It takes {', '.join(FIELDS)}.")
    for name, limit in CHARS.items():
        _check_text(f"passage.{name}", passage.get(name, None if name == "exact" else ""), limit, name == "exact")
    for name in POSITIONS:
        position = passage.get(name)
        if type(position) is not int or not 0 <= position <= MOST_UNITS:
            raise field_error(f"passage.{name}", f"must be a whole number from 0 to {MOST_UNITS}.", limit=MOST_UNITS)
    if passage["end"] <= passage["start"]:
        raise field_error("passage.end", "must be greater than passage.start.")
    return encode(passage).decode()


def _check_text(field: str, text: Any, limit: int, is_required: bool) -> None:
    if type(text) is not str or (is_required and not text.strip()):
        kind = f"a text and not empty, of at most {limit}" if is_required else f"a text of at most {limit}"
        raise field_error(field, f"must be {kind} characters.", limit=limit)
    if len(text) > limit:
        raise field_error(field, f"has {len(text)} characters; the limit is {limit}.", limit=limit)


def field_error(field: str, fault: str, **data: Any) -> FeelbackError:
    """A 422 whose data name the field, and the limit that it broke."""
    error = FeelbackError.of_setting(422, field, fault)
    error.data.update(field=field, **data)
    return error
