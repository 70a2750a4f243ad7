"""Records the route and account of each request for request logs and metrics."""

from quart import Quart, Response, g, request

from app.http.scope import add_route


def install(app: Quart) -> None:
    """Record both in the scope of every request."""
    app.after_request(_record)


async def _record(response: Response) -> Response:
    if request.url_rule is not None:
        actor = g.get("actor")
        add_route(request.scope, request.url_rule.rule, actor.account_id if actor else None)
    return response
