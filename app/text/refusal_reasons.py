"""The reasons for which responses are refused, and their texts."""

from typing import NamedTuple


class RefusalReason(NamedTuple):
    """Why a response is refused.

    `answer_text` is the message to the sender where the database refuses; elsewhere Python words it, since it names the
    value. `panel_text` and `recap_text` are the reason after a colon, `action` what to do about it.
    """

    name: str
    status: int
    answer_text: str | None
    panel_text: str
    recap_text: str
    action: str


REFUSAL_REASONS = (
    RefusalReason(
        "origin", 403, None,
        "the project does not allow this origin",
        "the project does not allow this origin",
        "Add the origin to the project, in its settings.",
    ),
    RefusalReason(
        "key", 403, None,
        "the API key may not send responses to this project",
        "the API key may not send responses to this project",
        "Create an API key with the permission “Send responses” in this project, and send with it.",
    ),
    RefusalReason(
        "limit", 429, None,
        "they came too fast",
        "they came too fast",
        "Addresses, projects and pages have limits per second. Is a script in a loop, or do many share one address?",
    ),
    RefusalReason(
        "value", 422, None,
        "the widget has no such option, or the text was too long",
        "the widget has no such option, or the text was too long",
        "The page has options that the widget does not have. Copy the code below again.",
    ),
    RefusalReason(
        "pages_limit", 422,
        "This widget has reached its limit of pages.",
        "the widget has reached its limit of pages",
        "a widget has reached its limit of pages",
        "Each address is a page. In the settings, ignore query parameters that do not make another page.",
    ),
    RefusalReason(
        "address_limit", 429,
        "This address has reached its daily limit of responses for this page.",
        "too many visitors came from one address",
        "too many visitors came from one address",
        "A page counts a limited number of visitors per IP address and day. If they are real, let the operator raise "
        "LIMIT_VISITORS_PER_ADDRESS, or set “One response per” to “unlimited”, which counts every response.",
    ),
    RefusalReason(
        "page", 422, None,
        "the page is not on an allowed site",
        "the page is not on an allowed site",
        "Send the page’s address, add its site in the settings, or allow any page key there.",
    ),
    RefusalReason(
        "network_pages", 429,
        "Too many new pages came from your network today. Try again tomorrow.",
        "too many new pages came from one network in a day",
        "too many new pages came from one network in a day",
        "If they are yours, raise the limit in the settings. If they are made up, delete them on the pages screen.",
    ),
    RefusalReason(
        "network_messages", 429,
        "Too many messages came from your network today. Try again tomorrow.",
        "too many messages came from one network in a day",
        "too many messages came from one network in a day",
        "If they are visitors of one office or school, raise the limit in the settings.",
    ),
    RefusalReason(
        "quota", 402, None,
        "ten times the plan's responses of the month are used up",
        "the account has received ten times the responses of its plan",
        "Upgrade the plan: the next response is accepted at once.",
    ),
    RefusalReason(
        "archived", 403,
        "This page is archived and accepts no responses. Unarchive it in the panel.",
        "the widget, its project or the page is archived",
        "the widget, its project or the page is archived",
        "Unarchive it, or remove the widget from the page.",
    ),
    RefusalReason(
        "unknown_widget", 404,
        "There is no such widget. Check the id in the panel.",
        "the widget has been deleted",
        "the widget has been deleted",
        "Remove the deleted widget from the page.",
    ),
)  # fmt: skip
BY_NAME = {reason.name: reason for reason in REFUSAL_REASONS}
ACTIONS = {reason.name: reason.action for reason in REFUSAL_REASONS}


def panel_text(name: str) -> str:
    """The reason as the panel shows it, after a colon."""
    return BY_NAME[name].panel_text if name in BY_NAME else name.replace("_", " ")


def recap_text(name: str) -> str:
    """The reason as a recap shows it, after a colon."""
    return BY_NAME[name].recap_text if name in BY_NAME else name.replace("_", " ")
