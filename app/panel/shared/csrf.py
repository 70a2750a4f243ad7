"""Only our own pages may change something: the browser says where a form came from, and a signed token agrees."""

from itsdangerous import BadData, URLSafeTimedSerializer
from quart import Quart, g, request

from app.errors import FeelbackError
from app.http.context import settings
from app.panel.shared import auth

SAFE = ("GET", "HEAD", "OPTIONS")
TOKEN_SECONDS = 12 * 60 * 60
FIELD = "csrf"
# Mail services post there for their users, without a cookie (RFC 8058); its address is signed and does but one thing.
API = ("/v0/", "/v1/")
EXEMPT = (
    "consents.post_unsubscribe",
    "billing_events.post_event",  # Stripe signs what it sends
)


def install(app: Quart) -> None:
    """Checks every request that may change something, and gives templates `csrf_token()`."""
    app.before_request(check)
    app.jinja_env.globals["csrf_token"] = token


def token() -> str:
    """A token for a form of this page, bound to the session and the account that it is in, good for twelve hours."""
    actor = getattr(g, "actor", None)
    account_id = actor.account_id.hex if actor and actor.account_id else ""
    return str(_serializer().dumps([(auth.token_hash() or b"").hex(), account_id]))


async def check() -> None:
    """Lets a request through that changes nothing, or that one of our own pages sent.

    Raises:
        FeelbackError: 403, saying how to go on.
    """
    if request.method in SAFE or request.routing_exception is not None:  # nothing is there to be changed
        return
    if request.endpoint in EXEMPT or request.path.startswith(API):  # a key is no cookie
        return
    if not _is_ours():
        raise FeelbackError(403, "This form was sent from another website. Open the page here and send it again.")
    given = request.headers.get("X-CSRF-Token") or (await request.form).get(FIELD, "")
    try:
        bound, g.form_account = _serializer().loads(given, max_age=TOKEN_SECONDS)
    except (BadData, ValueError):
        bound = None
    if bound != (auth.token_hash() or b"").hex():
        raise FeelbackError(403, "This form is out of date. Go back, reload the page and send it again.")


def _is_ours() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == settings().base_url or origin.partition("://")[2] == request.host


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="csrf")
