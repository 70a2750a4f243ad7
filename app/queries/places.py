"""What the search of the panel leads to."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A project, a widget or a page; of a page `name` is the title, or empty, and `detail` the key."""

    kind: str
    project_slug: str
    id: UUID
    name: str
    detail: str

    @property
    def url(self) -> str:
        """Where it is."""
        path = {"project": "", "widget": f"/widgets/{self.id}", "page": f"/pages/{self.id}"}[self.kind]
        return f"/projects/{self.project_slug}{path}"


async def find_places(tenant: TenantPool, slug: str, text: str) -> list[FoundPlace]:
    """Projects, and widgets and pages of the project `slug`, that contain `text`."""
    sql = "select * from fn.find_places($1, $2, $3)"
    return await db.many(tenant, FoundPlace, sql, tenant.account_id, slug, text)
