"""The widget types and their groups: the rows of the view fn.widget_type, without a query."""

from typing import NamedTuple


class WidgetType(NamedTuple):
    """A row of fn.widget_type. The comment of the view explains the columns."""

    name: str
    label: str
    has_text: bool = False
    is_judging: bool = False
    is_numeric: bool = False
    has_options: bool = True
    is_vote: bool = False


WIDGET_TYPES = (
    WidgetType("pulse", "Like"),
    WidgetType("updown", "Votes", is_judging=True, is_vote=True),
    WidgetType("yesno", "Yes or no", is_judging=True, is_vote=True),
    WidgetType("reaction", "Reactions", is_judging=True),
    WidgetType("rating", "Rating", is_judging=True, is_numeric=True),
    WidgetType("nps", "0 to 10", is_judging=True, is_numeric=True),
    WidgetType("message", "Messages", has_text=True, has_options=False),
    WidgetType("tagged", "Tagged messages", has_text=True, is_judging=True),
    WidgetType("form", "Form", has_text=True, has_options=False),
)
NAMES = tuple(type.name for type in WIDGET_TYPES)
LABELS = {type.name: type.label for type in WIDGET_TYPES}
WITH_TEXT = frozenset(type.name for type in WIDGET_TYPES if type.has_text)
JUDGING = frozenset(type.name for type in WIDGET_TYPES if type.is_judging)
NUMERIC = frozenset(type.name for type in WIDGET_TYPES if type.is_numeric)
WITH_OPTIONS = frozenset(type.name for type in WIDGET_TYPES if type.has_options)
VOTES = frozenset(type.name for type in WIDGET_TYPES if type.is_vote)
