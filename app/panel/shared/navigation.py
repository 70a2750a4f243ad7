"""Where one may go from here: the pages of a project, and those of the account and the person."""

from dataclasses import dataclass

from quart import Quart, current_app, url_for

from app.panel.shared import auth

# Endpoint and words. A page is listed where its endpoint exists.
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
    ("me.get_me", "You"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page that a navigation leads to, under the words that people know it by."""

    url: str
    words: str


def install(app: Quart) -> None:
    """Gives templates `project_places`, `account_places`, and the test `"sets.get_widgets" is endpoint`: is it
    there?
    """
    app.jinja_env.tests["endpoint"] = _exists
    app.jinja_env.globals.update(project_places=project_places, account_places=account_places)


def project_places(slug: str) -> list[Place]:
    """The pages of a project."""
    return [Place(url_for(endpoint, slug=slug), words) for endpoint, words in PROJECT if _exists(endpoint)]


def account_places() -> list[Place]:
    """The pages of the account that the actor is in, as far as they may see them, and of the person."""
    role = auth.actor().membership.role
    hidden = ["audit.get_audit", "billing.get_billing"] if role in ("viewer", "editor") else []
    if not any(each.owns_installation for each in auth.actor().memberships):
        hidden.append("installation.get_installation")
    places = ACCOUNT if role else ACCOUNT[-1:]
    return [Place(url_for(end), words) for end, words in places if _exists(end) and end not in hidden]


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions
