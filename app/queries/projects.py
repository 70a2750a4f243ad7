"""Projects: the list, and one of them."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool
from app.queries.filters import FilterLabels
from app.queries.follow_ups import Reason

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project in the list of its account."""

    slug: str
    name: str
    widgets: int
    responses: int
    responses_of_week: int


@dataclass(frozen=True, slots=True)
class Day:
    """How many responses came on a day of the project's zone."""

    day: date
    responses: int


@dataclass(frozen=True, slots=True)
class Message:
    """What a visitor wrote: `body`, or the `fields` of a form; the time is the project's."""

    id: UUID
    widget_id: UUID
    widget_name: str
    key: str
    label: str
    icon: str
    body: str | None
    fields: dict[str, str | float | bool] | None
    sender: str | None
    created_at: datetime
    is_test: bool
    reasons: list[Reason]

    @property
    def answers(self) -> list[tuple[str, str | float | bool]]:
        """Values of a form's fields, by name."""
        return list((self.fields or {}).items())


@dataclass(frozen=True, slots=True)
class Project:
    """A project as every page of it needs it, with the actor's `role` there; `unread` is 1,000 at most, if asked.

    `window_name` and `comparison` are what the actor chose last.
    """

    id: UUID
    slug: str
    name: str
    time_zone: str
    role: str
    unread: int | None
    test_mode: bool
    is_archived: bool
    window_name: str
    comparison: str


async def account_projects(tenant: TenantPool) -> list[ProjectRow]:
    """The projects of an account, by name."""
    return await db.many(tenant, ProjectRow, "select * from fn.account_projects($1)", tenant.account_id)


async def project(tenant: TenantPool, slug: str) -> Project:
    """One project.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    return await db.row(tenant, Project, "select * from fn.project($1, $2)", tenant.account_id, slug)


def with_project(row: Callable[..., Row]) -> Callable[..., tuple[Project, FilterLabels, Row]]:
    """Makes a project, labels and a `row` of the columns of all three: a page asks for them in one query."""
    own = len(fields(Project))
    end = own + len(fields(FilterLabels))
    return lambda *columns: (Project(*columns[:own]), FilterLabels(*columns[own:end]), row(*columns[end:]))
