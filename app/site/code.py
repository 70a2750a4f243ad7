"""Code of the documentation, highlighted on the server and with a copy button."""

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded with the first page that shows code
    from pygments.lexer import Lexer

# Language of a fence: its name for people, and Pygments'. Languages that are not listed are shown as they are.
LANGUAGES = {
    "html": ("HTML", "html"),
    "astro": ("Astro", "html"),
    "css": ("CSS", "css"),
    "js": ("JavaScript", "javascript"),
    "jsx": ("JSX", "javascript"),
    "ts": ("TypeScript", "typescript"),
    "json": ("JSON", "json"),
    "nginx": ("nginx", "nginx"),
    "php": ("PHP", "php"),
    "py": ("Python", "python"),
    "python": ("Python", "python"),
    "sh": ("Commands", "bash"),
    "sql": ("SQL", "sql"),
}


def block(code: str, language: str, id: str) -> str:
    """Return the HTML of a block of code in a box that can be scrolled, by keyboard too; `id` is unique in the page."""
    words = LANGUAGES.get(language, ("Code", ""))[0]
    return (
        '<div class="code">'
        f'<button type="button" class="second copy" data-copy="{id}" aria-describedby="{id}-words">Copy</button>'
        f'<pre id="{id}-words" tabindex="0" role="group" aria-label="{words}">'
        f'<code id="{id}">{_highlighted(code, language)}</code></pre>'
        "</div>\n"
    )


@lru_cache(maxsize=1000)
def _highlighted(code: str, language: str) -> str:
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter

    lexer = _lexer(language)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True))) if lexer else escape(str(code))


@lru_cache(maxsize=100)
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.lexers.php import PhpLexer

    if language == "php":
        return PhpLexer(startinline=True)
    return get_lexer_by_name(LANGUAGES[language][1]) if language in LANGUAGES else None
