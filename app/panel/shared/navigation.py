"""The navigation of a project, an account and a person."""

from dataclasses import dataclass

from quart import Quart, current_app, url_for

from app.panel.shared import auth

# Endpoint and label. A place is listed if its endpoint exists.
PROJECT = (
    ("projects.get_overview", "Overview"),
    ("pages.get_pages", "Pages"),
    ("inbox.get_inbox", "Inbox"),
    ("responses.get_responses", "Responses"),
    ("widgets.get_widgets", "Widgets"),
    ("integrate.get_integrate", "Integrate"),
    ("exports.get_exports", "Exports"),
    ("recaps.get_recaps", "Recaps"),
    ("api_keys.get_api_keys", "API keys"),
    ("project_settings.get_settings", "Settings"),
)
ACCOUNT = (
    ("projects.get_projects", "Projects"),
    ("account.get_account", "Account"),
    ("members.get_members", "Members"),
    ("audit.get_audit", "Audit"),
    ("billing.get_billing", "Billing"),
    ("installation.get_installation", "Installation"),
    ("profile.get_profile", "Profile"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the navigation."""

    url: str
    label: str


def install(app: Quart) -> None:
    """Give templates `project_places`, `account_places` and the test `"widgets.get_widgets" is endpoint`."""
    app.jinja_env.tests["endpoint"] = _exists
    app.jinja_env.globals.update(project_places=project_places, account_places=account_places)


def project_places(slug: str) -> list[Place]:
    return [Place(url_for(endpoint, slug=slug), label) for endpoint, label in PROJECT if _exists(endpoint)]


def account_places() -> list[Place]:
    """The pages of the actor's account that they may see, and of their profile."""
    role = auth.actor().membership.role
    hidden = ["audit.get_audit", "billing.get_billing"] if role in ("viewer", "editor") else []
    if not auth.actor().is_operator:
        hidden.append("installation.get_installation")
    places = ACCOUNT if role else ACCOUNT[-1:]
    return [Place(url_for(end), label) for end, label in places if _exists(end) and end not in hidden]


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions
