"""The JSON body and the query of a call, as typed values."""

import re
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from quart import request

from app.errors import FeelbackError
from app.text.strict_json import loads

Kind = TypeVar("Kind", bound=msgspec.Struct)
MOST, FEW = 1000, 100
_TEXT = re.compile(r"[\x00\ud800-\udfff]")


async def body() -> dict[str, Any]:
    """The object in the body of a call without a query.

    Raises:
        FeelbackError: 400 where it is no JSON, 415 for another content type, 422 where it is no object, or for a query.
    """
    query()
    value = await loaded()
    if type(value) is not dict:
        raise FeelbackError(422, "The body must be an object.")
    return value


async def loaded() -> Any:
    """The JSON in the body.

    Raises:
        FeelbackError: 400 where it is none, 415 for another content type.
    """
    if request.mimetype != "application/json":
        raise FeelbackError(415, "The content type must be application/json.")
    return loads(cast(bytes, await request.get_data(as_text=False)))


def only(query_string: dict[str, Any], *names: str) -> None:
    """Refuses (422) what is not among `names`."""
    unknown = [name for name in query_string if name not in names]
    if unknown:
        raise FeelbackError(422, f"Unknown field {unknown[0][:64]!r}. It takes {', '.join(names)}.")


def model(value: dict[str, Any], kind: type[Kind]) -> Kind:
    """An object as its model, which the OpenAPI document describes.

    Raises:
        FeelbackError: 422 for a name that the model has not, one that is missing, or a value of another kind.
    """
    fields = msgspec.structs.fields(kind)
    only(value, *(field.encode_name for field in fields))
    for field in fields:
        if field.required and field.encode_name not in value:
            raise FeelbackError(422, f"{field.encode_name} is missing.")
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        fault, _, place = str(error).partition(" - at `$.")
        name = place.rstrip("`") or "The body"
        raise FeelbackError(
            422, f"{name}: {fault[:1].lower()}{fault[1:]}. /v1/openapi.json says what it takes."
        ) from None


async def body_as(kind: type[Kind]) -> Kind:
    """The body of a call without a query, as its model.

    Raises:
        FeelbackError: as `body` and `model`.
    """
    return model(await body(), kind)


def query(*names: str) -> dict[str, str]:
    """The query's values.

    Raises:
        FeelbackError: 422 for a name that is not among `names` or repeated, or a value that is not a text.
    """
    value = request.args.to_dict(flat=False)
    for name, values in value.items():
        if name not in names:
            allowed = f"It takes {', '.join(names)}." if names else "This call takes no query."
            raise FeelbackError(422, f"Unknown parameter {name[:64]!r}. {allowed}")
        if len(values) > 1 or _TEXT.search(values[0]) or "\ufffd" in values[0]:
            raise FeelbackError(422, f"{name} must be one text, in UTF-8.")
    return {name: values[0] for name, values in value.items()}


def id(query_string: dict[str, str], name: str) -> UUID | None:
    """The UUID of that name, or None if it is missing.

    Raises:
        FeelbackError: 422 where it is none.
    """
    text = query_string.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise FeelbackError(422, f"{name} must be an id, such as 019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f.")
    return UUID(text)


def limit(query_string: dict[str, str]) -> int:
    """How long a page is to be.

    Raises:
        FeelbackError: 422 where it is not 1 to 1000.
    """
    text = query_string.get("limit", str(FEW))
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text) or int(text) > MOST:
        raise FeelbackError(422, f"limit must be a whole number from 1 to {MOST}.", limit=MOST)
    return int(text)


def choice(query_string: dict[str, str], name: str, *allowed: str) -> str | None:
    """One of some words, or None if it is missing.

    Raises:
        FeelbackError: 422 for another.
    """
    text = query_string.get(name)
    if text is not None and text not in allowed:
        raise FeelbackError(422, f"{name} must be one of {', '.join(allowed)}.", allowed=list(allowed))
    return text


def boolean(query_string: dict[str, str], name: str) -> bool | None:
    """True or false, or None if it is missing.

    Raises:
        FeelbackError: 422 for another word.
    """
    word = choice(query_string, name, "true", "false")
    return None if word is None else word == "true"


def day(query_string: dict[str, str], name: str) -> date | None:
    """A day, or None if it is missing.

    Raises:
        FeelbackError: 422 outside the years 1970 to 9998.
    """
    text = query_string.get(name)
    if text is None:
        return None
    try:
        value = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else date.min
    except ValueError:
        value = date.min
    if not 1970 <= value.year <= 9998:
        raise FeelbackError(422, f"{name} must be a day from 1970 to 9998, such as 2026-05-31.")
    return value


def time(query_string: dict[str, str], name: str) -> datetime | None:
    """A moment, or None if it is missing; without an offset it is of UTC.

    Raises:
        FeelbackError: 422 outside the years 1970 to 9998.
    """
    text = query_string.get(name)
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text.replace(" ", "+") if len(text) > 19 else text)
    except ValueError:
        value = datetime.min
    if 1970 <= value.year <= 9998:
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    if not 1970 <= value.year <= 9998:
        raise FeelbackError(422, f"{name} must be a time from 1970 to 9998, such as 2026-05-31T12:00:00Z.")
    return value
