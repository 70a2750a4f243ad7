"""Why a response is refused, in words: what the view fn.refusal_reason has, without a query for it."""

from typing import NamedTuple


class RefusalReason(NamedTuple):
    """A row of fn.refusal_reason; the comment of the view says what the columns mean."""

    name: str
    status: int
    answer_text: str | None
    panel_text: str
    recap_text: str
    action: str


REFUSAL_REASONS = (
    RefusalReason(
        "origin", 403, None,
        "the project takes no responses from there",
        "it is not among the origins that may send",
        "Add the site to the project's origins, in its settings.",
    ),
    RefusalReason(
        "key", 403, None,
        "the API key may not write there",
        "its API key may not write there",
        "Make a key of kind write for this project, and send with that.",
    ),
    RefusalReason(
        "limit", 429, None,
        "they came too fast",
        "they came faster than allowed",
        "One address may send so many a minute. Does a script go on and on, or do many share one address?",
    ),
    RefusalReason(
        "value", 422, None,
        "the widget has no such answer, or it was too long",
        "the widget does not take what they said",
        "The page shows answers that the widget has no more, or never had. Copy what is below again.",
    ),
    RefusalReason(
        "pages_limit", 422,
        "This widget has all the pages that it may have.",
        "the widget has as many pages as it may",
        "a widget has as many pages as it may have",
        "Each address is a page. Drop parameters that make no page of their own, in the settings.",
    ),
    RefusalReason(
        "address_limit", 429,
        "This address has sent its day's responses for this page.",
        "too many visitors of one address",
        "too many came from one address",
        "The widget counts each internet address once. In its settings, let it count each visitor.",
    ),
    RefusalReason(
        "quota", 402, None,
        "ten times the plan's responses of the month are used up",
        "the account has taken ten times the responses of its plan",
        "Choose a larger plan: the next response is taken at once.",
    ),
    RefusalReason(
        "archived", 403,
        "This page is archived and takes no responses. Restore it in the panel.",
        "the widget or its project is archived",
        "the widget, its project or the page is archived",
        "Restore the widget or the project in its settings, or take the widget off the page.",
    ),
    RefusalReason(
        "unknown_widget", 404,
        "There is no such widget. Check the id in the panel.",
        "there is no such set any more",
        "there is no such set any more",
        "The widget was deleted. Take its widget off the page.",
    ),
)  # fmt: skip
BY_NAME = {reason.name: reason for reason in REFUSAL_REASONS}
ACTIONS = {reason.name: reason.action for reason in REFUSAL_REASONS}


def panel_text(name: str) -> str:
    """The reason as the panel words it, after a colon; its name where the view has none."""
    return BY_NAME[name].panel_text if name in BY_NAME else name.replace("_", " ")


def recap_text(name: str) -> str:
    """The reason as a recap words it, after a colon; its name where the view has none."""
    return BY_NAME[name].recap_text if name in BY_NAME else name.replace("_", " ")
