"""A website with our elements, and what happens on it."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from playwright.async_api import Page

from tests.support import factories
from tests.support.sdk_pages import Pages
from tests.support.serving import Server

Pool = asyncpg.Pool

# As strict as a page can be that lets our script in: nothing inline, no strings turned into markup.
CSP = (
    "default-src 'none'; script-src {server}; connect-src {server}; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass
class Website:
    """A website with a page at /page."""

    pages: Pages
    server: Server
    pool: "Pool[asyncpg.Record]"
    project: factories.Project
    widgets: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The page's address."""
        return self.pages.origin + "/page"

    async def add_set(self, type: str, **more: Any) -> str:
        """The id of a new set of the project."""
        self.widgets[type] = (await factories.widget(self.pool, type, self.project, **more)).id
        return self.widgets[type]

    def write(self, body: str, *, script: str = "feelback", tag: str = "", head: str = "", path: str = "/page") -> None:
        """Makes the page; {pulse} in `body` is the id of the set of that type."""
        for type, id in self.widgets.items():
            body = body.replace("{" + type + "}", id)
        address = f"{self.server.url}/sdk/{script}.js"
        self.pages.headers["content-security-policy"] = CSP.format(server=self.server.url)
        self.pages.add(
            path,
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
            f'<meta name="viewport" page="width=device-width">{head}'
            f'<script type="module" src="{address}" {tag}></script><body>{body}',
        )

    async def holds(self, *rows: tuple[Any, ...]) -> None:
        """Waits until that, and nothing else, is stored: pages show what is wanted before it is."""
        for _ in range(50):
            if await self.rows() == list(rows):
                return
            await asyncio.sleep(0.1)
        assert await self.rows() == list(rows)

    async def rows(self) -> list[tuple[Any, ...]]:
        """What was stored: the type, the option's value, the text or fields, the context."""
        found = await self.pool.fetch(
            """select s.type, o.value, coalesce(f.body, f.fields::text), f.context::text
            from response as f join widget as s on s.id = f.widget_id
            join option as o on o.widget_id = s.id and o.no = f.option_no order by f.id"""
        )
        return [tuple(row) for row in found]


class Watch:
    """What happened on a page: requests to the server, events of our elements, and whatever went wrong."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.wrong, self.requests = page, [], []  # type: ignore[var-annotated]
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on(
            "request",
            lambda request: (
                self.requests.append((request.method, request.url.removeprefix(server.url)))
                if request.url.startswith(server.url) and "/sdk/" not in request.url
                else None
            ),
        )

    async def listen(self) -> None:
        """Collects the events of all elements, from before the page's own scripts."""
        names = ["sent", "removed", "failed", "queued", "counts", "sending"]
        await self.page.add_init_script(
            "window.heard = []; for (const name of " + json.dumps(names) + ") addEventListener('feelback-' + name, "
            "({ type, detail }) => heard.push([type.slice(9), detail.value ?? null]))"
        )

    async def heard(self) -> list[list[Any]]:
        """The events so far."""
        found: list[list[Any]] = await self.page.evaluate("heard")
        return found
