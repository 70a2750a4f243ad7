"""The headers of every response, and static files that browsers cache until they change."""

from functools import lru_cache
from hashlib import sha384
from io import BytesIO
from mimetypes import guess_type
from os.path import isfile
from pathlib import Path
from posixpath import normpath

from quart import Quart, Response, request, send_file
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

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
    if name in PARTS:
        response = await _send_bytes(static_file(name), "text/css")
    else:
        response = await send_static(STATIC, name)
    if request.args.get("v") == _version(name):
        response.headers["Cache-Control"] = FOREVER
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


async def send_static(folder: Path, name: str, mimetype: str | None = None) -> Response:
    """Answer with a file below a folder, or not modified; of the type that its name tells, unless another is given.

    Raises:
        NotFound: if there is no such file, or its name leads out of the folder.
    """
    return await _send_bytes(_read(folder, name), mimetype or guess_type(name)[0] or "application/octet-stream")


def static_url(name: str) -> str:
    """Return the address of a static file with a digest of its content, so that a change is a new address."""
    return f"/static/{name}?v={_version(name)}"


def has_file(folder: Path, name: str) -> bool:
    """Whether there is such a file below a folder."""
    path = safe_join(str(folder), name)
    # Path.is_file raises OSError for a name that is too long, which would count as a failure of the database.
    return path is not None and isfile(path)


# All at once: a file that is sent piece by piece stays open where the request is cancelled.
def _read(folder: Path, name: str) -> bytes:
    if not has_file(folder, name):
        raise NotFound
    return (folder / name).read_bytes()


async def _send_bytes(data: bytes, mimetype: str) -> Response:
    response = await send_file(BytesIO(data), mimetype=mimetype)
    await response.add_etag()
    return await response.make_conditional(request, accept_ranges=True, complete_length=len(data))


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
