"""The headers of every response, and static files that browsers cache until they change."""

from functools import lru_cache
from hashlib import sha384
from io import BytesIO
from posixpath import normpath

from quart import Quart, Response, request, send_file, send_from_directory

from app.http.context import settings
from app.http.stylesheets import PARTS, STATIC, static_file

FOREVER = "public, max-age=31536000, immutable"
ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # the same as frame-ancestors, for older browsers
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def install(app: Quart) -> None:
    """Serve `static/`, add `static_url` to templates and set the headers of every response."""
    app.add_url_rule("/static/<path:name>", "static", get_static)
    app.after_request(_complete)
    app.jinja_env.globals["static_url"] = static_url


async def get_static(name: str) -> Response:
    """Serve a static file; cached forever under an address with its digest, revalidated under any other."""
    name = normpath(name)
    response = await (_send_stylesheet(name) if name in PARTS else send_from_directory(STATIC, name))
    if request.args.get("v") == _version(name):
        response.headers["Cache-Control"] = FOREVER
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


def static_url(name: str) -> str:
    """Return the address of a static file with a digest of its content, so that a change is a new address."""
    return f"/static/{name}?v={_version(name)}"


async def _send_stylesheet(name: str) -> Response:
    response = await send_file(BytesIO(static_file(name)), mimetype="text/css")
    await response.add_etag()
    return await response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)


@lru_cache(maxsize=200)
def _version(name: str) -> str:
    return sha384(static_file(name)).hexdigest()[:12]


async def _complete(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if settings().base_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers.setdefault("Cache-Control", "no-store")  # pages hold what only this person may see
    return response
