"""The objects of follow-ups, of the ingestion and the management API of `/v1`."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from app.api.models.base import Model


class Reason(Model):
    value: str
    label: str


class FollowUp(Model):
    """What to ask once this option was chosen; PATCH the response with what is answered. All of it may be left out."""

    question: str
    multiple: Annotated[bool, Meta(description="Whether it takes several reasons.")]
    message: Annotated[bool, Meta(description="Whether it takes a message.")]
    contact: Annotated[bool, Meta(description="Whether it takes a contact.")]
    reasons: Annotated[list[Reason], Meta(description="In their order; `value` is what is sent.")]
    thanks: (
        Annotated[str, Meta(description="What to say after it; by default the widget's thank-you message.")] | UnsetType
    ) = UNSET


class NewReason(Model):
    value: Annotated[str, Meta(min_length=1, max_length=100)]
    label: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET


class NewFollowUp(Model):
    option: Annotated[str, Meta(description="The value of the option that it follows.")]
    question: Annotated[str, Meta(min_length=1, max_length=200)]
    multiple: Annotated[bool, Meta(description="Whether a response may have several reasons.")] = False
    message: Annotated[bool, Meta(description="Whether it takes a message; not where the value has one.")] = False
    contact: Annotated[bool, Meta(description="Whether it takes an email address.")] = False
    thanks: Annotated[
        Annotated[str, Meta(min_length=1, max_length=200)] | None,
        Meta(description="What the visitor reads after it; null for the widget's thank-you message."),
    ] = None
    reasons: Annotated[list[NewReason], Meta(max_length=20)] | UnsetType = UNSET


class NewFollowUps(Model):
    follow_ups: Annotated[
        list[NewFollowUp],
        Meta(
            max_length=100,
            description="At most one an option. Reasons that are left out are archived: their counts stay, and they may"
            " come back.",
        ),
    ]


class FollowUpOfProject(Model):
    option: str
    question: str
    multiple: bool
    message: bool
    contact: bool
    thanks: str | None
    reasons: list[Reason]


class FollowUps(Model):
    follow_ups: list[FollowUpOfProject]
