"""Markdown to HTML: headings with anchors, links between pages, code in boxes that scroll."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from app.config import ROOT
from app.site import code
from app.site.places import Place

# Placeholders of the documentation's code: the address of the server, and that of the sources.
HOST = "https://your.host"
SOURCE = "SOURCE_URL"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text below it; `anchor` is empty for the text before the first heading."""

    level: int
    heading: str
    anchor: str
    text: str


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html(text: str, place: Place) -> str:
    """Render a page without its title; links to files of `docs` become links to their pages."""
    tokens = _body(_parser().parse(text))
    for token in tokens:
        _lead(token.children or [], place)
        if token.type in ("fence", "code_block"):
            token.content = _for_reader(token.content, place)
    # A column without a heading has an empty cell there, which is no heading.
    return str(_renderer().render(_anchored(tokens), _parser().options, {})).replace("<th></th>", "<td></td>")


def _for_reader(code: str, place: Place) -> str:
    """Fill in the addresses of the server and of the sources; without the latter the lines with it are left out."""
    if not place.source_url:
        code = re.sub(rf"^.*\b{SOURCE}\b.*\n", "", code, flags=re.MULTILINE)
    return code.replace(HOST, place.base_url).replace(SOURCE, place.source_url)


def title(text: str) -> str:
    """Return the text of the first heading."""
    return text.partition("\n")[0].removeprefix("# ").strip()


def summary(text: str) -> str:
    """Return the first paragraph as one line of at most 160 characters."""
    tokens = _body(_parser().parse(text))
    words = next((_words(token) for token in tokens if token.type == "inline"), "")
    return words if len(words) <= 160 else words[:160].rpartition(" ")[0] + "…"


def sections(text: str) -> list[Section]:
    """Split a page at its headings."""
    sections: list[Section] = [Section(1, title(text), "", "")]
    tokens = _anchored(_body(_parser().parse(text)))
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            sections.append(Section(int(token.tag[1]), _words(tokens[at + 1]), str(token.attrs["id"]), ""))
        elif token.content and tokens[at - 1].type != "heading_open":
            last = sections[-1]
            sections[-1] = Section(last.level, last.heading, last.anchor, f"{last.text} {_words(token)}".strip())
    return sections


def anchor(heading: str) -> str:
    """Return the anchor of a heading: its words, joined by hyphens."""
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-") or "part"


def _body(tokens: list[Token]) -> list[Token]:
    is_titled = len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    return tokens[3:] if is_titled else tokens


def _anchored(tokens: list[Token]) -> list[Token]:
    counts: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            name = anchor(_words(tokens[at + 1]))
            counts[name] = counts.get(name, 0) + 1
            token.attrs["id"] = name if counts[name] == 1 else f"{name}-{counts[name]}"
    return tokens


def _words(token: Token) -> str:
    if token.children is None:
        return re.sub(r"\s+", " ", token.content).strip()
    return re.sub(
        r"\s+", " ", "".join(" " if child.type.endswith("break") else child.content for child in token.children)
    )


# Files beside the documentation that are pages of the site.
FILES = {
    "../.env.example": "docs/settings",
    "../CHANGELOG.md": "changelog",
    "../static/sdk/README.md": "docs/elements",
    "/playground": "playground",
}


def _lead(children: list[Token], place: Place) -> None:
    is_open = False
    for child in children:
        if child.type == "link_open":
            href = _link(str(child.attrs["href"]), place)
            is_open = bool(href)
            child.tag, child.attrs = ("a", {"href": href}) if href else ("span", {})
        elif child.type == "link_close":
            child.tag = "a" if is_open else "span"
        elif child.type == "image":
            _place_image(child, place)


def _place_image(image: Token, place: Place) -> None:
    """Let an image lead to the file of the site that it names, with its size, so that nothing moves as it loads."""
    name = str(image.attrs["src"]).removeprefix("../static/")
    width, height = _size(name)
    image.attrs |= {"src": place.asset(name), "width": width, "height": height}


@lru_cache(maxsize=100)
def _size(name: str) -> tuple[int, int]:
    from PIL import Image

    with Image.open(ROOT / "static" / name) as image:
        return image.size


def _link(href: str, place: Place) -> str:
    """Return the address of a link, empty for a source file, which has no page; the README's is that of the sources."""
    if re.match(r"[a-z]+:|#", href):
        return href
    if href == "../README.md":
        return place.source_url
    if href.startswith("/playground?"):
        return place.url(href.removeprefix("/"))
    file, mark, anchor = href.partition("#")
    if file in FILES:
        return place.url(FILES[file] + mark + anchor)
    return place.url(f"docs/{file.removesuffix('.md')}{mark}{anchor}") if re.fullmatch(r"[\w-]+\.md", file) else ""


class _Renderer(RendererHTML):
    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render code with its colors and a copy button."""
        count = sum(token.type in ("fence", "code_block") for token in tokens[: idx + 1])
        return code.block(tokens[idx].content, tokens[idx].info.split(" ")[0], f"code-{count}")

    code_block = fence

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a table in a box that can be scrolled."""
        return '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a link to the heading behind it."""
        opened = tokens[idx - 2]
        words = escape(_words(tokens[idx - 1]))
        return f' <a class="anchor" href="#{opened.attrs["id"]}" aria-label="Link to: {words}">#</a></{opened.tag}>\n'


@lru_cache(maxsize=1)
def _renderer() -> _Renderer:
    return _Renderer(_parser())
