"""A website with our elements, and what happens on it."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
from playwright.async_api import Page

from app.database.tenant import TenantPool
from app.queries.follow_ups import update_follow_ups
from tests.support import factories
from tests.support.sdk_pages import Pages
from tests.support.serving import Server

Pool = asyncpg.Pool

# The strictest policy that still allows our script: nothing inline, no strings as markup.
CSP = (
    "default-src 'none'; script-src {server}; connect-src {server}; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)

THEMES = """:root { color-scheme: light dark } body { background: #fff; color: #222; font: 16px sans-serif }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }"""


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
        return self.pages.origin + "/page"

    async def add_widget(self, type: str, **more: Any) -> str:
        """Create a widget in the project; its id."""
        self.widgets[type] = (await factories.widget(self.pool, type, self.project, **more)).id
        return self.widgets[type]

    def write_app(self, script: bytes) -> None:
        """Write a page that is an application, rendered by the script in #root."""
        self.pages.add("/app.js", script, "text/javascript")
        config = json.dumps({"endpoint": self.server.url, "widgets": self.widgets})
        self.pages.add(
            "/page",
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>An app</title><div id="root"></div>'
            f'<script>window.page = {config}</script><script src="/app.js"></script>',
        )

    async def ask_why(self, type: str, *follow_ups: dict[str, Any]) -> None:
        """Give the widget of that type follow-ups."""
        tenant = TenantPool(self.pool, self.project.account_id)
        await update_follow_ups(tenant, self.project.id, UUID(self.widgets[type]), list(follow_ups))

    async def grew(self, *rows: tuple[Any, ...]) -> None:
        """Wait until these are the responses: option, reasons, message, contact."""
        for _ in range(50):
            stored = await self.pool.fetch(
                """select o.value, array(
                    select s.value from reason as s where s.widget_id = r.widget_id and s.no = any (r.reason_nos)
                    order by s.position
                ), r.body, r.contact
                from response as r
                join option as o on o.account_id = r.account_id and o.widget_id = r.widget_id and o.no = r.option_no
                order by r.id"""
            )
            responses = [tuple(row) for row in stored]
            if responses == list(rows):
                return
            await asyncio.sleep(0.1)
        assert responses == list(rows)

    def write(self, body: str, *, script: str = "feelback", tag: str = "", head: str = "", path: str = "/page") -> None:
        """Write the page; {pulse} in `body` stands for the id of the widget of that type."""
        for type, id in self.widgets.items():
            body = body.replace("{" + type + "}", id)
        address = f"{self.server.url}/sdk/{script}.js"
        self.pages.headers["content-security-policy"] = CSP.format(server=self.server.url)
        self.pages.add(
            path,
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
            f'<meta name="viewport" content="width=device-width">{head}'
            f'<script type="module" src="{address}" {tag}></script><body>{body}',
        )

    async def holds(self, *rows: tuple[Any, ...]) -> None:
        """Wait until exactly these rows are stored: pages show a choice before it is stored."""
        for _ in range(50):
            if await self.rows() == list(rows):
                return
            await asyncio.sleep(0.1)
        assert await self.rows() == list(rows)

    async def rows(self) -> list[tuple[Any, ...]]:
        """The stored responses: type, option's value, text or fields, context."""
        rows = await self.pool.fetch(
            """select w.type, o.value, coalesce(r.body, r.fields::text), r.context::text
            from response as r join widget as w on w.account_id = r.account_id and w.id = r.widget_id
            join option as o on o.account_id = w.account_id and o.widget_id = w.id and o.no = r.option_no
            order by r.id"""
        )
        return [tuple(row) for row in rows]


class Watch:
    """Records what happens on a page: requests to the server, events of our elements, and errors."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.errors, self.requests = page, [], []  # type: ignore[var-annotated]
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on(
            "request",
            lambda request: (
                self.requests.append((request.method, request.url.removeprefix(server.url)))
                if request.url.startswith(server.url) and "/sdk/" not in request.url
                else None
            ),
        )

    async def listen(self, *more: str) -> None:
        """Record the events of all elements and those that are named, starting before the page's own scripts."""
        names = ["-sent", "-removed", "-failed", "-queued", "-counts", "-sending", *more]
        await self.page.add_init_script(
            "window.events = []; for (const name of " + json.dumps(names) + ") addEventListener('feelback' + name, "
            "({ type, detail }) => events.push([type.slice(9), detail.value ?? null]))"
        )

    async def events(self) -> list[list[Any]]:
        """The events so far: name and value."""
        events: list[list[Any]] = await self.page.evaluate("events")
        return events


async def violations(page: Page) -> list[Any]:
    """The violations that axe reports."""
    rows: list[Any] = await page.evaluate(
        "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
        ".then(({ violations }) => violations.map(v => [v.id, v.nodes.map(n => [n.target, n.failureSummary])]))"
    )
    return rows
