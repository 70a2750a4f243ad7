"""A mail's HTML as a page for an iframe: it runs no script, loads nothing and cannot reach this site."""

import base64
import hashlib
import re
from html.parser import HTMLParser

from quart import Response

POLICY = (
    "default-src 'none'; style-src {styles}; img-src data:; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
_STYLE = re.compile(r'\sstyle="[^"]*"')
_SHEETS = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def frame(html: str) -> Response:
    """The page. Its links open in a new window.

    Mails need inline styles, which the page's policy forbids. They become classes of a style sheet that the policy
    allows by its SHA-256.
    """
    html = _with_classes(html).replace("<head>", '<head><base target="_blank">', 1)
    styles = " ".join(f"'sha256-{_digest(sheet)}'" for sheet in _SHEETS.findall(html)) or "'none'"
    headers = {"Content-Security-Policy": POLICY.format(styles=styles), "X-Frame-Options": "SAMEORIGIN"}
    return Response(html, headers=headers)


def _with_classes(html: str) -> str:
    tags = _Tags()
    tags.feed(html)
    lines = [0, *(match.end() for match in re.finditer("\n", html))]
    names = {style: f"look-{n}" for n, style in enumerate(dict.fromkeys(style for _, _, style in tags.styled))}
    parts, end = [], 0
    for (line, column), tag, style in tags.styled:
        start = lines[line - 1] + column
        bare = _STYLE.sub("", tag, count=1)
        if ' class="' in bare:
            bare = bare.replace(' class="', f' class="{names[style]} ', 1)
        else:
            bare = re.sub(r"(?<=^<)[^\s/>]+", rf'\g<0> class="{names[style]}"', bare, count=1)
        parts += [html[end:start], bare]
        end = start + len(tag)
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items()).replace("<", r"\3c ")
    # Before the mail's own sheet, whose rules for dark mode and narrow screens must win.
    return "".join([*parts, html[end:]]).replace("<head>", f"<head><style>{rules}</style>", 1)


class _Tags(HTMLParser):
    """Collects tags with a style as position (line from 1, column), source and style."""

    def __init__(self) -> None:
        super().__init__()
        self.styled: list[tuple[tuple[int, int], str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        style = dict(attrs).get("style")
        if style:
            self.styled.append((self.getpos(), self.get_starttag_text() or "", style))


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
