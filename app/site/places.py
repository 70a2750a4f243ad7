"""Where a page of the site leads: addresses of the server, or relative ones between files that any host may serve."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass

# Pages that the panel and the API have, wherever the site lies.
LIVE = ("sign-in", "sign-up", "demo", "v1/openapi.json")


@dataclass(frozen=True, slots=True)
class Place:
    """A page's own path, without a slash in front, and what the site is written for.

    `base_url` is where the server answers; `home_url` where the site lies, without a slash at its end; `static_url`
    gives the server's address of a static file. `is_file`: it is written out as files, and links are relative.
    """

    path: str
    base_url: str
    home_url: str
    static_url: Callable[[str], str]
    is_file: bool = False

    @property
    def canonical(self) -> str:
        """The page's own address."""
        return self.absolute(self.path)

    @property
    def api(self) -> str:
        """What goes before an address of the API or the SDK: nothing where the site and they are one."""
        return self.base_url if self.is_file else ""

    def absolute(self, path: str) -> str:
        """The whole address of a page."""
        return f"{self.home_url}/{file_name(path) if self.is_file and path else path}"

    def url(self, path: str) -> str:
        """The address of a page as this one names it; `path` may end with #anchor or ?query."""
        if path.partition("?")[0] in LIVE:
            return f"{self.api}/{path}"
        if not self.is_file:
            return f"/{path}"
        page, mark, anchor = path.partition("#")
        return self._relative(file_name(page)) + mark + anchor

    def asset(self, name: str) -> str:
        """The address of a file of static/."""
        return self._relative(f"static/{name}") if self.is_file else self.static_url(name)

    def _relative(self, file: str) -> str:
        return posixpath.relpath(file, posixpath.dirname(file_name(self.path)) or ".")


def file_name(path: str) -> str:
    """The file that a page is written to."""
    if not path:
        return "index.html"
    return path if path.endswith((".xml", ".txt", ".json")) else f"{path}.html"
