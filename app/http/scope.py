"""What an application notes in a request's ASGI scope for whoever observes requests."""

from typing import Any, NamedTuple
from uuid import UUID

_KEY = "feelback.route"


class RequestRoute(NamedTuple):
    """Which route a request was for, as the pattern of its path, and whose account it acted in, if any."""

    route: str
    account_id: UUID | None = None


def note_route(scope: Any, route: str, account_id: UUID | None = None) -> None:
    """Note the route of a request, and the account that it acts in."""
    scope[_KEY] = RequestRoute(route, account_id)


def request_route(scope: Any) -> RequestRoute | None:
    """The route that was noted, or None where no part of the application knew the path."""
    route: RequestRoute | None = scope.get(_KEY)
    return route
