"""CSRF protection: unsafe requests need an origin of ours and a signed token of the session."""

from functools import lru_cache

from itsdangerous import BadData, URLSafeTimedSerializer
from quart import Quart, Response, g, request

from app.errors import FeelbackError
from app.http.context import settings
from app.panel.shared import auth, signed_out

SAFE = ("GET", "HEAD", "OPTIONS")
TOKEN_SECONDS = 12 * 60 * 60
FIELD = "csrf"
API = ("/v0/", "/v1/")
EXEMPT = (
    "recap_consent.post_unsubscribe",  # mail services post there without a cookie (RFC 8058); its URL is signed
    "reply_opt_out.post_opt_out",  # the same
    "issue_events.post_event",  # forges sign what they send
    "issue_events.post_app_event",
    "billing_events.post_event",  # Stripe signs what it sends
)


def install(app: Quart) -> None:
    """Check every unsafe request, and give templates `csrf_token()`."""
    app.before_request(check)
    app.jinja_env.globals["csrf_token"] = token


def token() -> str:
    """A token for this page's forms, bound to the session and its account, valid for twelve hours."""
    if "csrf_token" not in g:
        actor = getattr(g, "actor", None)
        account_id = actor.account_id.hex if actor and actor.account_id else ""
        g.csrf_token = str(_serializer().dumps([(auth.token_hash() or b"").hex(), account_id]))
    return str(g.csrf_token)


async def check() -> Response | None:
    """Accept safe requests and those that our own pages sent; say so where the session has ended since.

    Raises:
        FeelbackError: 403 for all others.
    """
    if request.method in SAFE or request.routing_exception is not None:  # answered by 404 or 405
        return None
    if request.endpoint in EXEMPT or request.path.startswith(API):  # API keys are not sent by browsers on their own
        return None
    if not _is_ours():
        raise FeelbackError(403, "This form was sent from another website. Open the page here and try again.")
    value = request.headers.get("X-CSRF-Token") or (await request.form).get(FIELD, "")
    try:
        session, g.form_account = _serializer().loads(value, max_age=TOKEN_SECONDS)
    except (BadData, ValueError):
        session = None
    if session == (auth.token_hash() or b"").hex():
        return None
    if session and await auth.find_actor() is None:
        return await signed_out.page()
    raise FeelbackError(403, "This page has expired. Reload it and try again.")


def _is_ours() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == settings().base_url or origin.partition("://")[2] == request.host


def _serializer() -> URLSafeTimedSerializer:
    return _serializer_of(tuple(settings().secret_keys))


@lru_cache(maxsize=16)
def _serializer_of(secret_keys: tuple[str, ...]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer([*reversed(secret_keys)], salt="csrf")  # the last signs
