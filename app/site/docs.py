"""The documentation: pages in the order of the navigation."""

from dataclasses import dataclass
from functools import lru_cache

from app.config import ROOT
from app.site import markdown, settings_page

FOLDER = ROOT / "docs"
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Begin", ("getting-started", "concepts", "types", "follow-ups", "passages", "merging-pages", "troubleshooting")),
    (
        "On your pages",
        (
            "html", "no-javascript", "elements", "theming", "content-security-policy", "typescript", "display-rules",
            "seen-counts", "published-sdk",
        ),
    ),
    (
        "Frameworks and site builders",
        (
            "packages", "react", "nextjs", "vue", "nuxt", "svelte", "angular", "astro", "hugo", "jekyll", "docusaurus",
            "starlight", "vitepress", "nextra", "mkdocs",
            "sphinx", "wordpress",
        ),
    ),
    ("Move here", ("from-feelback", "from-lyket", "from-your-own")),
    (
        "In the panel",
        (
            "overview", "pages", "page", "inbox", "responses", "widgets", "integrate", "exports", "recaps", "releases",
            "destinations", "issues", "project-settings", "api-keys", "members", "audit-log", "billing", "account",
        ),
    ),
    ("Privacy and safety", ("privacy", "visitors", "spam")),
    ("Reference", ("formulas", "errors")),
    (
        "Run it yourself",
        (
            "self-hosting", "settings", "docker", "fly", "reverse-proxy", "upgrading", "backups", "recovery",
            "rolling-back", "jobs", "pgbouncer", "scaling", "watching", "how-fast", "performance", "insights",
            "going-live", "static-site",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the documentation; `name` is the file's stem, `text` Markdown."""

    name: str
    title: str
    summary: str
    text: str


@lru_cache(maxsize=1)
def pages() -> dict[str, Page]:
    """Pages by name, in the order of the navigation; files missing from it come last."""
    names = [name for _, group in GROUPS for name in group]
    names += sorted({path.stem for path in FOLDER.glob("*.md")} - set(names))
    texts = {name: _text(name) for name in names}
    return {
        name: Page(name, markdown.title(text), markdown.summary(text), text) for name, text in texts.items() if text
    }


@lru_cache(maxsize=1)
def navigation() -> list[tuple[str, list[Page]]]:
    """Groups of pages, as the navigation lists them."""
    groups = [(group, [pages()[name] for name in names if name in pages()]) for group, names in GROUPS]
    rest = [page for name, page in pages().items() if not any(name in names for _, names in GROUPS)]
    return groups + ([("More", rest)] if rest else [])


def around(name: str) -> tuple[Page | None, Page | None]:
    """Return the pages before and after a page, or None."""
    every = list(pages().values())
    at = next(at for at, page in enumerate(every) if page.name == name)
    return (every[at - 1] if at else None), (every[at + 1] if at + 1 < len(every) else None)


def _text(name: str) -> str:
    if name == "settings":
        return settings_page.text()
    if name == "elements":
        return (ROOT / "static/sdk/README.md").read_text()
    path = FOLDER / f"{name}.md"
    return path.read_text() if path.is_file() else ""
