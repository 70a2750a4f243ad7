"""The demo: an account with a project, a widget of every type, and 90 days of responses."""

from dataclasses import dataclass

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.panel.sign_in import passwords
from app.queries import demo, widget_lookups

EMAIL = "demo@feelback.example"
# Fixed and known, so that whoever tries the demo can sign in. That is fine: the demo is loaded only where somebody asks
# for it, by `make run` on their own machine or by `feelback demo`, and its account holds nothing but made-up responses.
PASSWORD = "feelback-demo"  # noqa: S105 - see above
KEY = "/demo"


@dataclass(frozen=True, slots=True)
class Demo:
    """How to sign in to the demo, its project's slug, and the id of its set of each type."""

    email: str
    password: str
    project: str
    widgets: dict[str, str]


async def load(pool: db.Pool) -> Demo:
    """Loads the demo unless it is there, in under two seconds; two that load it at once load it once."""
    project = await demo.demo_project(pool, EMAIL)
    if project is None:
        await demo.load_demo(pool, EMAIL, await passwords.hash_password(PASSWORD))
        project = await demo.demo_project(pool, EMAIL)
    if project is None:
        raise FeelbackError(409, f"{EMAIL} is in use, but not as the owner of the demo.")
    ids: dict[str, str] = {}
    for each in await widget_lookups.project_widgets(TenantPool(pool, project.account_id), project.id):
        ids.setdefault(each.type, str(each.id))  # the demo's own come before those that someone added
    return Demo(EMAIL, PASSWORD, project.slug, ids)
