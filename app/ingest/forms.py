"""Responses from plain HTML forms: they work without JavaScript and send the visitor back to the page."""

from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from app.errors import FeelbackError
from app.ingest import form_pages
from app.ingest.lookups import Names
from app.ingest.request import FORM, Answer, Headers, Request
from app.ingest.responses import Ingest
from app.ingest.stored import Stored
from app.ingest.widgets import Widget

MOST_PAIRS = 100
NAMES = Names("widget", "page", "placement")
REPEATED = "reasons"
_ASCII = bytes(range(128)).decode()  # what an address may hold as it is, or may not hold at all; the rest is escaped


def is_form(request: Request) -> bool:
    """Whether the request is a plain HTML form."""
    return request.method == "POST" and request.media_type() == FORM


async def post_response(ingest: Ingest, request: Request) -> Answer:
    """Store a form: `widget` and `page`, or `placement`; and by the widget's type `value`, `tag` and `message`, or
    one `fields.<name>` a field. Redirects (303) to `return`, else to the page; an option with a follow-up leads to a
    page that asks it, whose form has `response` and `token`.
    """
    form, reasons = _pairs(await request.body(ingest.settings, ingest.loop))
    if "response" in form:
        return await _post_follow_up(ingest, request, form, reasons)
    sender = request.sender
    request.widget, key = await ingest.lookups.target(sender, form, NAMES)
    value: Any = form.get("value")
    if request.widget.type == "message":
        value = form.get("message", value)
    elif request.widget.type == "tagged":
        value = {"tag": form.get("tag", value), "message": form.get("message")}
    elif request.widget.type == "form":
        value = {name[7:]: text for name, text in form.items() if name.startswith("fields.")}
    asks = bool(request.widget.follow_ups)
    stored = await ingest.create(sender, request.widget, key, value, None, form.get("visitor") or None, asks)
    # Browsers send other sites only the origin as referrer, so the page key leads back if it is an address.
    about = form.get("page", "")
    back = page(request, form.get("return") or (about if about.startswith(("https://", "http://")) else None))
    if stored.follow_up is not None:
        option = value["tag"] if request.widget.type == "tagged" else value
        return form_pages.follow_up(200, stored.follow_up, _hidden(stored, option, back), back)
    return _leave(back)


async def _post_follow_up(ingest: Ingest, request: Request, form: dict[str, str], reasons: list[str]) -> Answer:
    id, token = form["response"], form.get("token")
    widget: Widget = await ingest.lookups.widget_of(id, token)
    sender, back = request.sender, form.get("return") or None
    request.widget = widget
    sender.is_own_page = sender.origin in ("", _own_origin(request))
    if back is not None and not _leads_to(widget, back):
        back = None
    parts: dict[str, Any] = {name: form[name] for name in ("message", "contact") if form.get(name)}
    if reasons:
        parts["reasons"] = reasons
    if not parts:
        return _leave(back)
    try:
        await ingest.grow(sender, widget, id, parts)
    except FeelbackError as error:
        option = widget.positions.get(form.get("option", ""))
        follow_up = option and widget.follow_ups.get(option.option_no)
        if error.status != 422 or not follow_up:
            raise
        hidden = {name: form.get(name, "") for name in ("response", "token", "option", "return")}
        return form_pages.follow_up(422, follow_up, hidden, back, {**parts, "reasons": reasons}, error)
    return _leave(back)


def _hidden(stored: Stored, option: object, back: str | None) -> dict[str, str]:
    return {"response": stored.id or "", "token": stored.token or "", "option": str(option), "return": back or ""}


def _leave(back: str | None) -> Answer:
    if back is not None:
        return Answer(303, b"", [(b"location", back.encode("ascii", "ignore")), (b"cache-control", b"no-store")])
    return form_pages.message(200, "Thank you.", None)


def _own_origin(request: Request) -> str:
    scheme = request.origin().partition("://")[0]  # a proxy may have ended TLS
    return f"{scheme}://{request.headers.get(b'host', b'').decode('latin-1')}"


def _leads_to(widget: Widget, back: str) -> bool:
    if any(char <= " " or char in "\\\x7f" for char in back) or not back.isascii():
        return False
    try:
        parts = urlsplit(back)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and widget.takes_from(f"{parts.scheme}://{parts.netloc}")


def _pairs(body: bytes) -> tuple[dict[str, str], list[str]]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS)
    except ValueError:
        raise FeelbackError(400, f"The form is not UTF-8, or has more than {MOST_PAIRS} fields.") from None
    single = [(name, text) for name, text in pairs if name != REPEATED]
    form = dict(single)
    if len(form) < len(single):
        raise FeelbackError(400, "The form has a field twice.")
    if any("\0" in name or "\0" in text for name, text in pairs):
        raise FeelbackError(400, "The form must not contain NUL characters.")
    return form, [text for name, text in pairs if name == REPEATED and text]


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
    answer = form_pages.message(error.status, error.message, page(request, None), is_error=True)
    answer.headers.extend(extra)
    return answer
