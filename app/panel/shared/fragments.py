"""Responses with a fragment, for whoever uses the screen or for its stream."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from quart import Response, request

SHOWN = "X-Live"  # of an update: the query string of what the screen shows, if it matters


def is_update() -> bool:
    """Whether the request brings an open screen up to date, and nobody has used it."""
    return SHOWN in request.headers


def shown_query() -> Mapping[str, str]:
    """The query of what the screen shows: of an update that of the screen, else of the address."""
    text = request.headers.get(SHOWN, "")
    return dict(parse_qsl(text[1:])) if text.startswith("?") else request.args


def fragment(text: str, url: str, header: str = "HX-Push-Url") -> Response:
    """A fragment after which the browser shows the `url` of the whole page; after an update it stays as it is."""
    return Response(text, 200, {} if is_update() else {header: url})
