"""The context of a response: what a page says beside it."""

from typing import Annotated

from msgspec import Meta

ContextText = str | float | bool | None
PROPERTIES = {
    "$user": {"type": ["string", "null"], "format": "email", "maxLength": 254},
    "$language": {"type": ["string", "null"], "pattern": "^\\s*[A-Za-z]{2,3}(?![A-Za-z0-9])", "maxLength": 35},
}
Context = Annotated[
    Annotated[
        dict[Annotated[str, Meta(min_length=1, max_length=64)], ContextText],
        Meta(max_length=32, extra_json_schema={"properties": PROPERTIES}),
    ]
    | None,
    Meta(
        description="What is known of the page: texts and numbers. `$user` is the visitor's email address, `$language`"
        " the language of a message: by default the first that the browser asks for; null for none."
    ),
]
