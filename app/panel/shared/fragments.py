"""Responses with a fragment, for whoever uses the screen or for its stream."""

from quart import Response, request


def is_update() -> bool:
    """Whether the request brings an open screen up to date, and nobody has used it."""
    return request.headers.get("X-Live") == "yes"


def fragment(text: str, url: str, header: str = "HX-Push-Url") -> Response:
    """A fragment after which the browser shows the `url` of the whole page; after an update it stays as it is."""
    return Response(text, 200, {} if is_update() else {header: url})
