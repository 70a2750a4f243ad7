"""The panel and the public pages: what people see in a browser."""

from quart import Quart

from app.config import ROOT, Settings
from app.web import (
    account,
    accounts,
    api_keys,
    audit,
    compression,
    confirmation,
    contents,
    csrf,
    danger,
    demo,
    errors,
    exports,
    headers,
    health,
    inbox_acts,
    insights,
    installation,
    integrate,
    invitations,
    links,
    mails,
    me,
    members,
    navigation,
    new_project,
    new_set,
    person_deletion,
    project_deletion,
    project_settings,
    projects,
    recaps,
    render,
    sdk,
    security,
    set_settings,
    sets,
    sign_in,
    sign_up,
    signals,
    site,
    subscriptions,
    totp,
)
from app.web.api import routes as api
from app.web.converters import Slug


def create_app(settings: Settings) -> Quart:
    """The Quart application; whoever runs it puts the database's pool at `extensions["pool"]`."""
    app = Quart(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.secret_key = settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = settings.limit_body_bytes
    app.config["BODY_TIMEOUT"] = settings.limit_body_seconds
    app.extensions["settings"] = settings
    app.jinja_env.globals["reports_errors"] = bool(settings.sentry_dsn)
    app.url_map.converters["slug"] = Slug
    for part in (compression, headers, csrf, render, navigation, errors):
        part.install(app)
    areas = (health, sign_up, sign_in, links, me, confirmation, security, totp, projects, sets, integrate, demo, sdk)
    people = (account, accounts, audit, danger, invitations, members, person_deletion)
    making = (installation, insights, new_set, set_settings, new_project, project_settings, project_deletion, api_keys)
    for area in (*areas, *making, contents, signals, *people, recaps, site, subscriptions, mails, inbox_acts, exports):
        app.register_blueprint(area.blueprint)
    api.install(app)
    if settings.stripe_secret_key:
        from app.web import billing, billing_events, usage_notice  # with Stripe's library, which others do without

        usage_notice.install(app)
        for area in (billing, billing_events):
            app.register_blueprint(area.blueprint)
    return app
