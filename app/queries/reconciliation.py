"""Comparisons of counts with the responses."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The last complete comparison of a project: rows compared, how many differed, and when one last did."""

    checked_at: datetime | None
    checked: int
    differed: int
    differed_at: datetime | None
    is_complete: bool


@dataclass(frozen=True, slots=True)
class ReconcileState:
    """The last comparison of every project; `compared` and `failed` are numbers of projects."""

    projects: int
    compared: int
    oldest_at: datetime | None
    checked: int
    differed: int
    differed_at: datetime | None
    failed: int


async def project_reconciliation(tenant: TenantPool, project_id: UUID) -> Reconciliation | None:
    """The last comparison of a project; None before the first.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    sql = "select * from fn.project_reconciliation($1, $2)"
    return await db.one(tenant, Reconciliation, sql, tenant.account_id, project_id)


async def installation_reconciliation(pool: db.Pool, person_id: UUID) -> ReconcileState:
    """The last comparisons of all projects, for the operator.

    Raises:
        FeelbackError: 404 unless the person is the operator.
    """
    return await db.row(pool, ReconcileState, "select * from fn.installation_reconciliation($1)", person_id)


async def reconcile_state(pool: db.Pool) -> ReconcileState:
    """The last comparisons of all projects."""
    return await db.row(pool, ReconcileState, "select * from fn.reconcile_state()")
