"""The notice on every page of an account that has used most of its plan's responses."""

from typing import Any

from quart import Quart, g, has_request_context, request

from app.database import db
from app.errors import FeelbackError
from app.panel.shared import auth
from app.queries import billing


def install(app: Quart) -> None:
    """Give templates `usage_notice`, if there is one."""
    app.context_processor(_context)


async def _context() -> dict[str, Any]:
    actor = getattr(g, "actor", None) if has_request_context() else None
    if actor is None or actor.account_id is None or request.headers.get("HX-Request"):
        return {}
    try:
        return {"usage_notice": await billing.usage_notice(auth.tenant())}
    except FeelbackError:  # a notice must not break the page
        return {}
    except db.UNAVAILABLE:
        return {}
