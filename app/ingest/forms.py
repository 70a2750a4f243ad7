"""Responses from plain HTML forms: they work without JavaScript and send the visitor back to the page."""

from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from jinja2 import Environment, FileSystemLoader

from app.config import ROOT
from app.errors import FeelbackError
from app.ingest.lookups import Names
from app.ingest.request import FORM, Answer, Headers, Request
from app.ingest.responses import Ingest

MOST_PAIRS = 100
NAMES = Names("widget", "page", "placement")
_ASCII = bytes(range(128)).decode()  # what an address may hold as it is, or may not hold at all; the rest is escaped
_pages = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
_page_headers: Headers = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'"),
    (b"x-content-type-options", b"nosniff"),
]


def is_form(request: Request) -> bool:
    """Whether the request is a plain HTML form."""
    return request.method == "POST" and request.media_type() == FORM


async def post_response(ingest: Ingest, request: Request) -> Answer:
    """Store a form: `widget` and `page`, or `placement`; and by the widget's type `value`, `tag` and `message`, or
    one `fields.<name>` a field. Redirects (303) to `return`, else to the page.
    """
    form, sender = _pairs(await request.body(ingest.settings)), request.sender
    request.widget, key = await ingest.lookups.target(sender, form, NAMES)
    value: Any = form.get("value")
    if request.widget.type == "message":
        value = form.get("message", value)
    elif request.widget.type == "tagged":
        value = {"tag": form.get("tag", value), "message": form.get("message")}
    elif request.widget.type == "form":
        value = {name[7:]: text for name, text in form.items() if name.startswith("fields.")}
    await ingest.create(sender, request.widget, key, value, None, form.get("visitor") or None)
    # Browsers send other sites only the origin as referrer, so the page key leads back if it is an address.
    about = form.get("page", "")
    back = page(request, form.get("return") or (about if about.startswith(("https://", "http://")) else None))
    if back is not None:
        return Answer(303, b"", [(b"location", back.encode("ascii", "ignore")), (b"cache-control", b"no-store")])
    return _page(200, request, "Thank you.", None)


def _pairs(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS)
    except ValueError:
        raise FeelbackError(400, f"The form is not UTF-8, or has more than {MOST_PAIRS} fields.") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise FeelbackError(400, "The form has a field twice.")
    if any("\0" in name or "\0" in text for name, text in pairs):
        raise FeelbackError(400, "The form must not contain NUL characters.")
    return form


def page(request: Request, target: str | None) -> str | None:
    """The URL to go back to: `target` if it has the origin that sent the form, else the referrer; or None."""
    origin = request.origin()
    if not origin:
        return None
    referer = request.headers.get(b"referer", b"").decode("latin-1")
    for address in (quote(target or "", safe=_ASCII), referer):
        if not address or any(char <= " " or char in "\\\x7f" for char in address):
            continue
        try:
            absolute = urljoin(referer if referer.startswith(origin) else origin + "/", address)
            parts = urlsplit(absolute)
        except ValueError:
            continue
        is_there = parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" == origin
        if is_there and absolute.isascii():
            return absolute
    return None


def refusal(request: Request, error: FeelbackError, extra: Headers) -> Answer:
    """An error as a page with a link back."""
    answer = _page(error.status, request, error.message, error)
    answer.headers.extend(extra)
    return answer


def _page(status: int, request: Request, message: str, error: FeelbackError | None) -> Answer:
    back = page(request, None)
    text = _pages.get_template("ingest/answer.html").render(message=message, back=back, is_error=error is not None)
    return Answer(status, text.encode(), list(_page_headers))
