"""The Quart application: the panel, the public site and the management API."""

from quart import Quart

from app.api import routes as api
from app.config import ROOT, Settings
from app.http import body_limits, compression, context, headers, sdk
from app.http.converters import Slug
from app.http.sessions import Sessions
from app.panel.accounts import account, account_deletion, accounts, audit, invitations, members, ownership
from app.panel.destinations import destinations
from app.panel.exports import exports
from app.panel.inbox import lists, message_links, message_notes, replies, reply_opt_out
from app.panel.installation import billing_issues, insights, installation, mails
from app.panel.integrate import integrate
from app.panel.issues import github_app, issue_events, issues
from app.panel.pages import merges, page_deletion, pages, passages
from app.panel.profile import person_deletion, profile, security, two_factor
from app.panel.projects import api_keys, find, live, new_project, project_deletion, project_settings, projects
from app.panel.recaps import recap_consent, recaps
from app.panel.releases import releases
from app.panel.responses import responses
from app.panel.shared import csrf, navigation, render, theme
from app.panel.sign_in import claim, confirmation, links, sign_in, sign_up
from app.panel.widgets import new_widget, widget_settings, widgets
from app.server import error_pages, health
from app.site import demo, routes


def create_app(settings: Settings) -> Quart:
    """Create the Quart application. The caller connects its services."""
    app = Quart(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.request_class = body_limits.Request
    app.secret_key = settings.secret_key
    app.session_interface = Sessions()
    app.config["MAX_CONTENT_LENGTH"] = settings.limit_body_bytes
    app.config["BODY_TIMEOUT"] = settings.limit_body_seconds
    is_https = settings.base_url.startswith("https://")
    app.config["SESSION_COOKIE_NAME"] = "__Host-feelback-flash" if is_https else "feelback-flash"
    app.config["SESSION_COOKIE_SECURE"] = is_https
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    context.install(app, settings)
    app.jinja_env.globals["reports_errors"] = bool(settings.sentry_dsn)
    app.url_map.converters["slug"] = Slug
    for part in (compression, headers, claim, csrf, render, navigation, theme, error_pages):
        part.install(app)
    areas = (
        health,
        claim,
        sign_up,
        sign_in,
        links,
        profile,
        confirmation,
        security,
        two_factor,
        projects,
        widgets,
        integrate,
        demo,
        sdk,
        theme,
    )
    people = (account, account_deletion, accounts, audit, invitations, members, ownership, person_deletion)
    making = (
        installation,
        billing_issues,
        insights,
        new_widget,
        widget_settings,
        new_project,
        project_settings,
        project_deletion,
        api_keys,
    )
    for area in (
        *areas,
        *making,
        find,
        live,
        pages,
        page_deletion,
        passages,
        merges,
        releases,
        destinations,
        responses,
        *people,
        recaps,
        routes,
        recap_consent,
        mails,
        message_notes,
        replies,
        reply_opt_out,
        issues,
        issue_events,
        github_app,
        message_links,
        lists,
        exports,
    ):
        app.register_blueprint(area.blueprint)
    api.install(app)
    if settings.stripe_secret_key:
        from app.panel.billing import (  # imports Stripe's library, which is slow to load
            billing,
            billing_events,
            cancellation,
            payment,
            usage_notice,
        )

        usage_notice.install(app)
        for area in (billing, cancellation, payment, billing_events):
            app.register_blueprint(area.blueprint)
    render.drop_flask_context(app)
    return app
