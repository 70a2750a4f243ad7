"""Tells whoever observes requests which route one was for, and whose account it acted in."""

from quart import Quart, Response, g, request

from app.http.scope import note_route


def install(app: Quart) -> None:
    """Notes both in the scope of every request."""
    app.after_request(_note)


async def _note(response: Response) -> Response:
    if request.url_rule is not None:
        actor = g.get("actor")
        note_route(request.scope, request.url_rule.rule, actor.account_id if actor else None)
    return response
