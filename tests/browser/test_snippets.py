"""The snippets of Integrate, pasted unchanged into pages of another origin: each sends its response."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Page

from tests.support import factories
from tests.support.browser_person import Person, create_project, person, sign_up
from tests.support.needs import needs_both
from tests.support.npm_packages import CDN, PAGE, from_npm
from tests.support.sdk_pages import MODULES, TESTS, Pages
from tests.support.serving import Server

Pool = asyncpg.Pool
pytestmark = needs_both
TYPES = ("pulse", "updown", "yesno", "reaction", "rating", "nps", "message", "tagged", "form")
FIELDS = [
    {"name": "email", "kind": "email", "label": "E-mail", "required": True},
    {"name": "topic", "kind": "choice", "label": "Topic", "choices": ["Docs", "Code"], "required": True},
    {"name": "words", "kind": "text", "label": "Words", "max": 2000},
]


async def copied(page: Page, widget_id: str, way: str, name: str) -> str:
    """The text of a snippet, as it stands on the page."""
    await page.goto(f"/projects/my-site/integrate?widget={widget_id}&way={way}")
    return await page.locator(f"#snippet-{name}").inner_text()


async def use(page: Page, type: str) -> None:
    """Respond on the page."""
    if type == "form":
        await page.get_by_label("E-mail").fill("ada@example.com")
        if await page.locator("select").count():
            await page.get_by_label("Topic").select_option("Docs")
        else:
            await page.get_by_label("Docs").check()
        await page.get_by_label("Words").fill("Hello")
    elif type == "tagged":
        await page.get_by_label("Idea").check()
        await page.get_by_role("textbox").first.fill("Hello")
    elif type == "message":
        await page.get_by_role("textbox").first.fill("Hello")
    await page.get_by_role("button").last.click()


async def arrived(pool: "Pool[asyncpg.Record]", widget_id: str, count: int) -> list[Any]:
    """The page keys of a widget's responses, once there are that many."""
    for _ in range(100):
        sql = "select l.key from response as r join placement as l on l.id = r.placement_id where r.widget_id = $1"
        rows = await pool.fetch(sql, widget_id)
        if len(rows) >= count:
            return [row["key"] for row in rows]
        await asyncio.sleep(0.05)
    raise AssertionError(f"{len(rows)} of {count} responses arrived")


async def begun(
    someone: Person, pool: "Pool[asyncpg.Record]", pages: Pages, *types: str
) -> tuple[Page, dict[str, str]]:
    """A signed-in page and a project of the website with widgets of these types."""
    page = await someone.page()
    await sign_up(page, pool)
    await create_project(page, "My site", pages.origin)
    project = factories.Project(*await pool.fetchrow("select account_id, id from project"))
    widgets = {}
    for type in types:
        fields = FIELDS if type == "form" else None
        preset = {"tagged": "feedback", "reaction": "github"}.get(type)
        widgets[type] = (await factories.widget(pool, type, project, preset=preset, fields=fields)).id
    return page, widgets


async def test_each_is_true_for_each_type(panel: Server, pages: Pages, pool: "Pool[asyncpg.Record]") -> None:
    async with person(panel) as someone:
        page, widgets = await begun(someone, pool, pages, *TYPES)
        await someone.context.route(f"{CDN}**", from_npm)
        site = await someone.page()
        for type, id in widgets.items():
            for count, (way, name) in enumerate((("html", "html"), ("form", "form"), ("published", "published")), 1):
                text = await copied(page, id, way, name)
                path = f"/{type}/{way}"
                # The panel says to put the page's address into the form.
                pages.add(path, PAGE + text.replace(pages.origin + "/this-page", pages.origin + path))
                await site.goto(pages.origin + path)
                await use(site, type)
                assert pages.origin + path in await arrived(pool, id, count), (type, way)
        # Pages with the published attributes only need the script.
        markup = (await copied(page, widgets["yesno"], "published", "published")).partition("<script")[0]
        pages.add("/moved", PAGE + await copied(page, widgets["yesno"], "published", "auto") + markup)
        await site.goto(pages.origin + "/moved")
        await use(site, "yesno")
        assert pages.origin + "/moved" in await arrived(pool, widgets["yesno"], 4)


APPS = {
    "react": """
        import { createRoot } from "react-dom/client";
        import { Feelback } from "./snippet.jsx";
        createRoot(document.getElementById("root")).render(<Feelback />);""",
    "vue": """
        import { createApp } from "vue/dist/vue.esm-bundler.js";
        const app = createApp({ template: SNIPPET });
        app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith("feelback-");
        app.mount("#root");""",
    "published-react": """
        import { createRoot } from "react-dom/client";
        import { Feelback } from "./snippet.jsx";
        createRoot(document.getElementById("root")).render(<Feelback />);""",
}


def bundled(folder: Path, app: str, text: str) -> bytes:
    """An application that shows the snippet."""
    (folder / "node_modules").symlink_to(MODULES)
    (folder / "snippet.jsx").write_text(text)
    inner = text.replace("<template>", "").replace("</template>", "").strip()
    (folder / "app.jsx").write_text(APPS[app].replace("SNIPPET", repr(inner)))
    command = [str(TESTS / "node_modules/.bin/esbuild"), "app.jsx", "--bundle", "--jsx=automatic", "--outfile=app.js"]
    command += ["--define:process.env.NODE_ENV='production'", "--log-level=error", "--loader:.js=jsx"]
    if app == "published-react":
        command += ["--alias:react=react-18", "--alias:react-dom=react-dom-18"]
    flags = [f"--define:__VUE_{name}__=false" for name in ("PROD_DEVTOOLS__", "PROD_HYDRATION_MISMATCH_DETAILS__")]
    flags = [flag.replace("____", "__") for flag in flags] + ["--define:__VUE_OPTIONS_API__=true"]
    subprocess.run([*command, *flags], cwd=folder, check=True, capture_output=True, text=True)
    return (folder / "app.js").read_bytes()


@pytest.mark.parametrize("app", APPS)
async def test_components_do(
    panel: Server, pages: Pages, pool: "Pool[asyncpg.Record]", tmp_path: Path, app: str
) -> None:
    async with person(panel) as someone:
        page, widgets = await begun(someone, pool, pages, "reaction", "message")
        site = await someone.page()
        for type, id in widgets.items():
            way = "published" if app == "published-react" else app
            text = await copied(page, id, way, app)
            script = "" if way == "published" else await copied(page, id, way, "script")
            (tmp_path / type).mkdir()
            pages.add(f"/{type}.js", bundled(tmp_path / type, app, text), "text/javascript")
            pages.add(f"/{type}", f'{PAGE}{script}<div id="root"></div><script src="/{type}.js"></script>')
            await site.goto(f"{pages.origin}/{type}")
            await use(site, type)
            assert await arrived(pool, id, 1) == [f"{pages.origin}/{type}"]
