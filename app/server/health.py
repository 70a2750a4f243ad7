"""/healthz and /readyz, for load balancers and monitors."""

from quart import Blueprint, Response

from app.database import db
from app.database.bounded import Bounded
from app.errors import FeelbackError
from app.http.context import pool, services
from app.queries import health
from app.server.readiness import WRITES, cause

blueprint = Blueprint("health", __name__)
NOT_READY: tuple[type[BaseException], ...] = (FeelbackError, db.RowError, *db.UNAVAILABLE)
SECONDS = 1.5  # for the database; monitors wait for two to five


async def _look(pool: db.Pool) -> list[str] | None:
    """The overdue jobs; None if the database is not migrated or lacks this month's partition."""
    return await health.overdue_jobs(pool) if await health.is_ready(pool) else None


@blueprint.get("/healthz")
async def get_healthz() -> Response:
    """Answer 200 as long as the process runs."""
    return _line(200, "ok")


@blueprint.get("/readyz")
async def get_readyz() -> Response:
    """Answer 200 if responses can be stored, else 503, within two seconds. What else is wrong is named with the 200."""
    shared = services()
    try:
        shared.ready = shared.ready or Bounded(_look, SECONDS)
        overdue = await shared.ready.get(pool())
    except NOT_READY as error:
        return _line(503, f"the database is unavailable: {cause(error)}")
    if overdue is None:
        return _line(503, "the database is not migrated or lacks this month's partition")
    problems = dict(shared.problems)
    if writes := problems.pop(WRITES, None):
        return _line(503, writes)
    notes = [*problems.values(), *([f"overdue: {', '.join(overdue)}"] if overdue else [])]
    return _line(200, f"ok, but {'; '.join(notes)}" if notes else "ok")


def _line(status: int, text: str) -> Response:
    response = Response(text + "\n", status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response
