"""/healthz and /readyz, for load balancers and monitors."""

from quart import Blueprint, Response

from app.database import db
from app.errors import FeelbackError
from app.http.context import pool
from app.queries import health

blueprint = Blueprint("health", __name__)
NOT_READY: tuple[type[BaseException], ...] = (FeelbackError, db.RowError, *db.UNAVAILABLE)


@blueprint.get("/healthz")
async def get_healthz() -> Response:
    """Answer 200 as long as the process runs."""
    return _line(200, "ok")


@blueprint.get("/readyz")
async def get_readyz() -> Response:
    """Answer 200 if the database answers and is migrated, else 503. Overdue jobs are named, but still answer 200."""
    try:
        ready = await health.is_ready(pool())
        overdue = await health.overdue_jobs(pool()) if ready else []
    except NOT_READY as error:
        return _line(503, f"the database is unavailable: {type(error).__name__}")
    if overdue:
        return _line(200, f"ok, but overdue: {', '.join(overdue)}")
    return _line(200, "ok") if ready else _line(503, "the database is not migrated or lacks this month's partition")


def _line(status: int, text: str) -> Response:
    response = Response(text + "\n", status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response
