"""The demo: an account with a project, a widget of every type, and 90 days of responses."""

from dataclasses import dataclass

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.panel.sign_in import passwords
from app.queries import demo, widget_lookups

EMAIL = "demo@feelback.example"
# Fixed and public, so that anybody who tries the demo can sign in. The demo is loaded only on request, by `make run`
# on a machine of their own or by `feelback demo`, and its account holds nothing but made-up responses.
PASSWORD = "feelback-demo"  # noqa: S105 - see above
KEY = "/demo"


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's sign-in, its project's slug, and a widget's id for each type."""

    email: str
    password: str
    project: str
    widgets: dict[str, str]


async def load(pool: db.Pool) -> Demo:
    """Load the demo unless it exists. Concurrent calls load it once.

    Raises:
        FeelbackError: 409 if the demo's address belongs to a person without the demo.
    """
    project = await demo.demo_project(pool, EMAIL)
    if project is None:
        await demo.load_demo(pool, EMAIL, await passwords.hash_password(PASSWORD))
        project = await demo.demo_project(pool, EMAIL)
    if project is None:
        raise FeelbackError(409, f"{EMAIL} is in use, but not as the owner of the demo.")
    ids: dict[str, str] = {}
    for each in await widget_lookups.project_widgets(TenantPool(pool, project.account_id), project.id):
        ids.setdefault(each.type, str(each.id))  # the demo's own widgets come before those added later
    return Demo(EMAIL, PASSWORD, project.slug, ids)
