"""The route of a request, kept in its ASGI scope for logs and metrics."""

from typing import Any, NamedTuple
from uuid import UUID

_KEY = "feelback.route"


class RequestRoute(NamedTuple):
    """The pattern of a request's path, and the account that it acts in, if any."""

    route: str
    account_id: UUID | None = None


def add_route(scope: Any, route: str, account_id: UUID | None = None) -> None:
    scope[_KEY] = RequestRoute(route, account_id)


def request_route(scope: Any) -> RequestRoute | None:
    """Return the request's route, or None if no route matched."""
    route: RequestRoute | None = scope.get(_KEY)
    return route
