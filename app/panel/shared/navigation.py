"""The navigation of a project, an account and a person."""

from dataclasses import dataclass

from quart import Quart, current_app, request, url_for

from app.panel.shared import auth

# Endpoint and label. A place is listed if its endpoint exists.
PROJECT = (
    ("projects.get_overview", "Overview"),
    ("pages.get_pages", "Pages"),
    ("inbox.get_inbox", "Inbox"),
    ("responses.get_responses", "Responses"),
    ("widgets.get_widgets", "Widgets"),
    ("project_settings.get_settings", "Settings"),
)
# What is set up once, under Settings.
SETTINGS = (
    ("project_settings.get_settings", "Settings", "General"),
    ("integrate.get_integrate", "Integrate", "Integrate"),
    ("exports.get_exports", "Exports", "Exports"),
    ("recaps.get_recaps", "Recaps", "Recaps"),
    ("releases.get_releases", "Releases", "Releases"),
    ("destinations.get_destinations", "Destinations", "Destinations"),
    ("issues.get_tracker", "Issues", "Issues"),
    ("api_keys.get_api_keys", "API keys", "API keys"),
)
# Sections whose numbers follow the filter of the address.
FILTERED = ("Overview", "Pages", "Inbox", "Responses")
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
    """A link of the navigation; one that `is_filtered` keeps the filter of the screen."""

    url: str
    label: str
    is_current: bool = False
    is_filtered: bool = False


def install(app: Quart) -> None:
    """Give templates the navigation, and the test `"widgets.get_widgets" is endpoint`."""
    app.jinja_env.tests["endpoint"] = _exists
    app.jinja_env.globals.update(
        project_places=project_places, settings_places=settings_places, account_places=account_places
    )


def project_places(slug: str, section: str, query: str = "") -> list[Place]:
    """The sections of a project; those that can be filtered keep the `query` of the screen."""
    current = "Settings" if section in [name for _, name, _ in SETTINGS] else section
    return [
        Place(
            url_for(endpoint, slug=slug) + (query if label in FILTERED else ""),
            label,
            label == current,
            label in FILTERED,
        )
        for endpoint, label in PROJECT
        if _exists(endpoint)
    ]


def settings_places(slug: str, section: str) -> list[Place]:
    """The screens under Settings; none on other screens."""
    if section not in [name for _, name, _ in SETTINGS]:
        return []
    return [
        Place(url_for(endpoint, slug=slug), label, name == section)
        for endpoint, name, label in SETTINGS
        if _exists(endpoint)
    ]


def account_places() -> list[Place]:
    """The pages of the actor's account that they may see, and of their profile."""
    role = auth.actor().membership.role
    hidden = ["audit.get_audit", "billing.get_billing"] if role in ("viewer", "editor") else []
    if not auth.actor().is_operator:
        hidden.append("installation.get_installation")
    places = ACCOUNT if role else ACCOUNT[-1:]
    listed = [(url_for(end), label) for end, label in places if _exists(end) and end not in hidden]
    nearest = max((url for url, _ in listed if _is_within(request.path, url)), key=len, default="")
    return [Place(url, label, url == nearest) for url, label in listed]


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _is_within(path: str, url: str) -> bool:
    return path == url or path.startswith(f"{url}/")
