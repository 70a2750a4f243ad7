"""Links of the site's pages: addresses on the server, or relative ones between files for a static host."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

# Pages of the panel and the API, and those that read their query string: they stay on the server when the site is
# hosted elsewhere.
LIVE = ("sign-in", "sign-up", "demo", "playground", "v1/openapi.json")


@dataclass(frozen=True, slots=True)
class Place:
    """A page's path, without a leading slash, and where the site is hosted.

    `base_url` is the server's address; `home_url` the site's, without a trailing slash; `static_url` returns the
    server's address of a static file. If `is_file`, the site is built as files and links are relative. `source_url` is
    where the sources are, or empty.
    """

    path: str
    base_url: str
    home_url: str
    static_url: Callable[[str], str]
    is_file: bool = False
    source_url: str = ""

    @property
    def canonical(self) -> str:
        """The page's canonical address."""
        return self.absolute(self.path)

    @property
    def api(self) -> str:
        """The prefix of addresses of the API and the SDK; empty where the server hosts the site too."""
        return self.base_url if self.is_file else ""

    def has(self, path: str) -> bool:
        """Whether the page is hosted here, rather than on the server."""
        return not (self.is_file and path in LIVE)

    def absolute(self, path: str) -> str:
        """Return the absolute address of a page."""
        return f"{self.home_url}/{file_name(path) if self.is_file and path else path}"

    def url(self, path: str) -> str:
        """Return the link to a page; `path` may end with #anchor or ?query."""
        if re.split("[?#]", path)[0] in LIVE:
            return f"{self.api}/{path}"
        if not self.is_file:
            return f"/{path}"
        page, mark, anchor = path.partition("#")
        return self._relative(file_name(page)) + mark + anchor

    def asset(self, name: str) -> str:
        """Return the link to a file in static/."""
        return self._relative(f"static/{name}") if self.is_file else self.static_url(name)

    def _relative(self, file: str) -> str:
        return posixpath.relpath(file, posixpath.dirname(file_name(self.path)) or ".")


def file_name(path: str) -> str:
    """Return the name of the file that a page is built as."""
    if not path:
        return "index.html"
    return path if path.endswith((".xml", ".txt", ".json")) else f"{path}.html"
