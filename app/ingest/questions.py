"""What a read of counts asks for: widgets and pages in a query or in JSON; and how the answer about each begins."""

from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from app.errors import FeelbackError
from app.ingest.wire import encode

MOST_PAGES = 200
MORE = ("reasons", "seen")  # what is counted if asked for
MOST_BYTES = 1_000_000  # of queries that are remembered; each takes about six times its length


class Pages(NamedTuple):
    """The keys of the pages that a question names of one widget, and how the JSON about each begins."""

    keys: list[str]
    heads: list[bytes]


def pages_of(widget_id: Any, pages: list[str], keys: list[str]) -> Pages:
    """The Pages of `pages`, whose keys are `keys`."""
    start = b'{"widget":"%b","page":' % str(widget_id).encode()
    return Pages(keys, [
        b"%b%b,%b" % (start, encode(page), b"" if key == page else b'"canonical":%b,' % encode(key))
        for page, key in zip(pages, keys, strict=True)
    ])  # fmt: skip


class Question(NamedTuple):
    """The parts of a question, as JSON has them; and what is known already of the pages of each widget."""

    body: dict[str, Any]
    pages: dict[Any, Pages]


class Questions:
    """The questions of queries that came lately: all readers of a page send the same one. The oldest are forgotten."""

    def __init__(self) -> None:
        self._questions: dict[bytes, Question] = {}
        self._bytes = 0

    def question(self, query: bytes) -> Question:
        """The question of `?widget=…&page=…&page=…`, with further widgets, or of `?placement=…`.

        Raises:
            FeelbackError: 400, 422.
        """
        question = self._questions.get(query)
        if question is None:
            question = Question(_body(_pairs(query)), {})
            if len(query) < MOST_BYTES // 10:
                self._questions[query] = question
                self._bytes += len(query)
                while self._bytes > MOST_BYTES:
                    oldest = next(iter(self._questions))
                    del self._questions[oldest]
                    self._bytes -= len(oldest)
        return question


def _body(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    widgets: list[dict[str, Any]] = []
    placements: list[str] = []
    more: dict[str, Any] = {}
    early: list[str] = []  # pages named before the only widget belong to it
    for name, value in pairs:
        if name == "widget":
            widgets.append({"widget": value, "pages": []})
        elif name == "page":
            (widgets[-1]["pages"] if widgets else early).append(value)
        elif name == "placement":
            placements.append(value)
        elif name in MORE and value in ("0", "1"):
            more[name] = value == "1"
        else:
            raise FeelbackError(
                422,
                "The query takes widget, each followed by its page values, or one placement, and reasons=1 or seen=1.",
            )
    if placements:
        if len(placements) > 1 or widgets or early:
            raise FeelbackError(422, "Send widget and page, or one placement, not both.")
        return {"placement": placements[0], **more}
    if len(widgets) > 1:
        return {"widgets": widgets, **({"pages": early} if early else {}), **more}
    return {**(widgets[0] if widgets else {}), "pages": early + (widgets[0]["pages"] if widgets else []), **more}


def _pairs(query: bytes) -> list[tuple[str, str]]:
    parts = query.split(b"&")
    try:
        if len(parts) > 2 * MOST_PAGES or not query.isascii():
            raise ValueError
        return [_pair(part) for part in parts if part]
    except ValueError:
        raise FeelbackError(400, "The query is not UTF-8, or has too many parts.") from None


def _pair(part: bytes) -> tuple[str, str]:
    name, _, value = part.replace(b"+", b" ").partition(b"=")
    text = unquote_to_bytes(value).decode()
    if "\0" in text:
        raise FeelbackError(400, "The query must not contain NUL characters.")
    return unquote_to_bytes(name).decode(), text


def by_widget(body: dict[str, Any]) -> list[tuple[object, list[Any]]]:
    """The id of each widget and its pages.

    Raises:
        FeelbackError: 422.
    """
    widgets = body.get("widgets", [body])
    if type(widgets) is not list or not widgets or ("widgets" in body and len(body) > 1) or len(widgets) > MOST_PAGES:
        raise FeelbackError(
            422, f"Send widget and up to {MOST_PAGES} pages, or a list of these as widgets, or placement."
        )
    for one in widgets:
        if type(one) is not dict or not one.keys() <= {"widget", "pages"}:
            raise FeelbackError(422, f"Send widget and up to {MOST_PAGES} pages, or placement.", limit=MOST_PAGES)
        if "widget" not in one or type(one.get("pages")) is not list or not one["pages"]:
            raise FeelbackError(422, "Nothing to count. Send widget and page, or placement.")
    if sum(len(one["pages"]) for one in widgets) > MOST_PAGES:
        raise FeelbackError(422, f"At most {MOST_PAGES} pages can be read at once.", limit=MOST_PAGES)
    return [(one["widget"], one["pages"]) for one in widgets]
