"""What the models share: names in camelCase, no unknown fields, lists by the page, and the kinds of fields."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from app.text import widget_types


class Model(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """An object of the API; a field that may be missing has the default UNSET."""


Type = Annotated[str, Meta(extra_json_schema={"enum": list(widget_types.NAMES)})]
Count = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Interval = Annotated[
    Annotated[list[float], Meta(min_length=2, max_length=2)] | None,
    Meta(description="The 95 % interval: low and high."),
]
Counts = Annotated[dict[str, int], Meta(description="By the option's value.")]
Key = Annotated[str, Meta(min_length=1, max_length=2048)]
Policy = Annotated[
    Literal["visitor", "address", "open"],
    Meta(description="Counted once: by visitor, by address, or every response by itself."),
]
Time = Annotated[datetime, Meta(tz=True)]
Canonical = Annotated[str, Meta(description="The page key, where it is another text than the page that was sent.")]


def changes_of(name: str, settings: type[Struct]) -> type[Struct]:
    """The model of a request that changes some of the settings: the same fields, each of which may be missing."""
    fields = [(field.name, field.type | UnsetType, UNSET) for field in msgspec.structs.fields(settings)]
    return msgspec.defstruct(name, fields, bases=(Model,), namespace={"__doc__": None})


def list_of(name: str, item: type[Struct]) -> type[Struct]:
    """The model of a page of a list."""
    following = Annotated[str | None, Meta(description="The `cursor` of the next page; null where there is none.")]
    fields: list[Any] = [("items", list[item]), ("next", following)]  # type: ignore[valid-type]  # made as it runs
    return msgspec.defstruct(name, fields, bases=(Model,), namespace={"__doc__": None})
