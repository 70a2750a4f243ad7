"""The demo: an account with a project, a widget of every type, and 90 days of responses.

It is a sandbox: its account is flagged, its owner cannot operate the installation, and the command line creates nothing
in it.
"""

from dataclasses import dataclass

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.panel.sign_in import passwords
from app.queries import demo, widget_lookups

EMAIL = "demo@feelback.example"
KEY = "/demo"


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's sign-in, its project's slug, and a widget's id for each type."""

    email: str
    password: str
    project: str
    widgets: dict[str, str]


async def load(pool: db.Pool, password: str) -> Demo:
    """Load the demo unless it is loaded; its owner signs in with `password`. Concurrent calls load it once.

    Raises:
        FeelbackError: 409 if the demo's address belongs to somebody else, 404 if its owner or project was deleted.
    """
    owner = await demo.demo_owner(pool)
    await demo.load_demo(pool, EMAIL, owner.password_hash if owner else await passwords.hash_password(password))
    owner, project = await demo.demo_owner(pool), await demo.demo_project(pool)
    if owner is None or project is None:
        raise FeelbackError(404, "The demo's owner or project was deleted.")
    ids: dict[str, str] = {}
    for each in await widget_lookups.project_widgets(TenantPool(pool, project.account_id), project.id):
        ids.setdefault(each.type, str(each.id))  # the demo's own widgets come before those added later
    return Demo(owner.email, password, project.slug, ids)


async def restore_password(pool: db.Pool, password: str) -> bool:
    """Let the demo's owner sign in with `password` again; whether it had been another one."""
    owner = await demo.demo_owner(pool)
    if owner is None or await passwords.matches(password, owner.password_hash):
        return False
    await demo.update_demo_password(pool, owner.id, await passwords.hash_password(password))
    return True
