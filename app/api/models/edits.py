"""The objects by which a response is changed and deleted, and what its value is."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from app.api.models.passages import Passage

Value = Annotated[Any, Meta(extra_json_schema={"$ref": "#/components/schemas/Value"})]
Token = Annotated[str, Meta(description="Instead of the header.")]
VALUE = {
    "description": "By the type of the widget. pulse: `+`. updown and yesno: `+1` or `-1`, `y` or `n`, or one of"
    " yes, no, up, down, like, dislike, 1, 0, true, false. reaction: an option's value. rating and nps: a number."
    " message: a text. tagged: a `tag` and, if there is one, a `message`. form: an object of its fields.",
    "type": ["string", "number", "boolean", "object"],
}


class Edit(Struct, kw_only=True):
    value: Value | UnsetType = UNSET
    reasons: (
        Annotated[
            Annotated[list[Annotated[str, Meta(min_length=1, max_length=100)]], Meta(max_length=20)] | None,
            Meta(description="Reasons of the option, by their values. Another option drops those of the one before."),
        ]
        | UnsetType
    ) = UNSET
    message: Annotated[str | None, Meta(description="Words, where the option's follow-up takes them.")] | UnsetType = (
        UNSET
    )
    contact: (
        Annotated[
            Annotated[str, Meta(max_length=254, extra_json_schema={"format": "email"})] | None,
            Meta(description="An email address for an answer, where the option's follow-up takes one."),
        ]
        | UnsetType
    ) = UNSET
    passage: (
        Annotated[Passage | None, Meta(description="The passage of the page that a message or form is about.")]
        | UnsetType
    ) = UNSET
    token: Token | UnsetType = UNSET


class Removal(Struct):
    token: Token | UnsetType = UNSET
