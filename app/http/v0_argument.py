"""The argument of a `/v0` call, as the published SDKs send it: the object, or an array that holds it."""

from typing import Any

from app.errors import FeelbackError


def v0_argument(value: Any, *, is_optional: bool = False, text_name: str | None = None) -> dict[str, Any]:
    """Return the object that a call takes; a string stands for an object with it as `text_name`.

    Raises:
        FeelbackError: 400 for several arguments, for a missing one unless optional, or for one that is no object.
    """
    if type(value) is list:
        if len(value) > 1 or not (value or is_optional):
            raise FeelbackError(400, f"The call takes one argument, not {len(value)}.")
        value = value[0] if value else None
    if type(value) is str and text_name is not None:
        value = {text_name: value}
    if value is None and is_optional:
        return {}
    if type(value) is not dict:
        raise FeelbackError(400, "The argument must be an object.")
    return value
