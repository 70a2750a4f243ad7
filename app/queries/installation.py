"""The installation as a whole, for its operators."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.database import db
from app.queries.jobs import JobHealth


@dataclass(frozen=True, slots=True)
class Installation:
    """Totals of the installation; `mails_failed` is of the last day."""

    accounts: int
    people: int
    projects: int
    placements: int
    responses: int
    responses_of_week: int
    database_bytes: int
    postgres: str
    scheduler: str
    mails_waiting: int
    mails_failed: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `row_count` is of the whole list."""

    name: str
    owner_email: str | None
    members: int
    projects: int
    responses_of_month: int
    created_at: datetime
    row_count: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month in UTC; `churn` is a share, `paid` is in the smallest unit of each of `currencies`."""

    month: date
    signed_up: int
    activated: int
    accounts: int
    projects: int
    responses: int
    paying: int
    churn: float | None
    currencies: list[str]
    paid: list[int]


async def installation(pool: db.Pool, person_id: UUID) -> Installation:
    """Totals of the installation.

    Raises:
        FeelbackError: 404 unless the person is an operator.
    """
    return await db.row(pool, Installation, "select * from fn.installation($1)", person_id)


async def installation_jobs(pool: db.Pool, person_id: UUID) -> list[JobHealth]:
    """Every job, by name.

    Raises:
        FeelbackError: 404 unless the person is an operator.
    """
    return await db.many(pool, JobHealth, "select * from fn.installation_jobs($1)", person_id)


async def installation_accounts(pool: db.Pool, person_id: UUID, search: str, limit: int, offset: int) -> list[Account]:
    """A page of the accounts, the newest first.

    Raises:
        FeelbackError: 404 unless the person is an operator.
    """
    sql = "select * from fn.installation_accounts($1, $2, $3, $4)"
    return await db.many(pool, Account, sql, person_id, search, limit, offset)


async def installation_insights(pool: db.Pool, person_id: UUID, months: int) -> list[Month]:
    """The last months, the newest first.

    Raises:
        FeelbackError: 404 unless the person is an operator.
    """
    return await db.many(pool, Month, "select * from fn.installation_insights($1, $2)", person_id, months)
