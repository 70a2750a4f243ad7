"""The pages that answer plain HTML forms."""

from typing import Any

from jinja2 import Environment, FileSystemLoader

from app.config import ROOT
from app.errors import FeelbackError
from app.ingest.growth import CONTACT_CHARS
from app.ingest.request import Answer, Headers

_pages = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
_headers: Headers = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'"),
    (b"x-content-type-options", b"nosniff"),
]


def message(status: int, text: str, back: str | None, *, is_error: bool = False) -> Answer:
    """A page with a message and a link to `back`."""
    return _page(status, message=text, back=back, is_error=is_error)


def follow_up(
    status: int,
    follow_up: dict[str, Any],
    hidden: dict[str, str],
    back: str | None,
    entered: dict[str, Any] | None = None,
    error: FeelbackError | None = None,
) -> Answer:
    """A page that asks a follow-up; `hidden` are the fields that say of which response.

    After an error it has what was entered, and the message at its field.
    """
    field = str(error.data.get("field") or "form") if error is not None else ""
    return _page(
        status,
        follow_up=follow_up,
        hidden=hidden,
        back=back,
        entered=entered or {},
        errors={field: error.message} if error is not None else {},
        contact_chars=CONTACT_CHARS,
    )


def _page(status: int, **values: Any) -> Answer:
    text = _pages.get_template("ingest/answer.html").render(**values)
    return Answer(status, text.encode(), list(_headers))
