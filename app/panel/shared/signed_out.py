"""What somebody sees whose session ended while a page was open: where to sign in, and what they had typed."""

from urllib.parse import quote, urlsplit

from quart import Response, render_template, request

from app.http.context import settings
from app.http.redirects import see_other
from app.text import urls

# Never shown again: secrets, and what is of no use to a person.
HIDDEN = ("csrf", "password", "old_password", "code", "edit")
MOST_FIELDS, MOST_CHARS = 50, 5000


def sign_in_url() -> str:
    """URL of the sign-in page that leads back to the page of the request: itself, or the one that its form is on."""
    if request.headers.get("HX-Request"):
        back = path_of(request.headers.get("HX-Current-URL", ""))
        if back == "/":
            return "/sign-in"
    elif request.method == "GET":
        back = request.full_path.rstrip("?")
    else:
        back = path_of(request.headers.get("Referer", ""))
    return f"/sign-in?next={quote(back)}"


async def answer(*, had_session: bool) -> Response:
    """Redirect to the sign-in page; a form of somebody who `had_session` gets the page below."""
    if request.method == "POST" and had_session:
        return await page()
    url = sign_in_url()
    return Response("", 401, {"HX-Redirect": url}) if request.headers.get("HX-Request") else see_other(url)


async def page() -> Response:
    """The page, for a form that was not sent; to htmx a redirect to the sign-in page."""
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": sign_in_url()})
    form = await request.form
    typed = [(name, text[:MOST_CHARS]) for name, text in form.items(multi=True) if name not in HIDDEN and text.strip()]
    text = await render_template("signed_out.html", url=sign_in_url(), typed=typed[:MOST_FIELDS])
    return Response(text, 401)


def path_of(url: str) -> str:
    """Path and query of a URL of this site; / for any other."""
    parts = urls.parts(url)
    if parts.netloc not in (request.host, urlsplit(settings().base_url).netloc):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
