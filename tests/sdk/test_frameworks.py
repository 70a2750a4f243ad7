"""Real applications with React 18 and 19, Vue and Astro from npm."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.programs.packages.files import fill
from tests.support.frameworks import build_astro, bundle, install
from tests.support.needs import needs_both
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_both

APPS = {
    "React 18": ("frameworks.jsx", ["--alias:react=react-18", "--alias:react-dom=react-dom-18"]),
    "React 19": ("frameworks.jsx", []),
    "Vue 3": ("frameworks.vue.js", ["--define:__VUE_OPTIONS_API__=true", "--define:__VUE_PROD_DEVTOOLS__=false"]),
}


@pytest.mark.parametrize("app", APPS)
async def test_it_works_in_an_application_of(website: Website, tmp_path: Path, app: str) -> None:
    for type in ("pulse", "yesno", "reaction"):
        await website.add_widget(type)
    website.write_app(bundle(*APPS[app], tmp_path))
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await use_all(page)
        await website.holds(("yesno", "n", None, None), ("reaction", "happy", None, None), ("pulse", "+", None, None))
        keys = await website.pool.fetch("select key from placement order by key")
        assert {row["key"] for row in keys} == {"b", website.url, "own"}
        assert watch.errors == []


async def use_all(page: Page) -> None:
    """Use every element of the application."""
    like = page.locator(".mine").get_by_role("button")
    await expect(like).to_have_text("👍Like0")
    await like.click()
    await expect(page.locator("#message")).to_have_text("nothing then +")
    await like.click()
    await expect(page.locator("#message")).to_have_text("removed")
    await page.get_by_role("button", name="Non").click()
    await expect(page.locator("feelback-yesno").get_by_role("status")).to_have_text("Merci")
    await page.get_by_role("button", name="Happy").click()
    await expect(page.locator("feelback-reaction").get_by_role("status")).to_have_text("Thank you.")
    await page.locator("feelback-pulse").last.get_by_role("button").click()
    await expect(page.locator("feelback-pulse").last.get_by_role("button")).to_have_text("👍Like1")


def test_it_is_rendered_on_a_server(tmp_path: Path) -> None:
    install(tmp_path)
    script = """
        import { createElement } from "react";
        import { renderToString } from "react-dom/server";
        import { createSSRApp, h } from "vue";
        import { renderToString as vueToString } from "vue/server-renderer";
        import * as forReact from "@scope/react";
        import * as forVue from "@scope/vue";
        const props = { widget: "w", page: "p", count: true, options: [{ value: "y", label: "Yes" }] };
        console.log(renderToString(createElement(forReact.FeelbackYesno, { ...props, onSent() {} })));
        console.log(await vueToString(createSSRApp({ render: () => h(forVue.FeelbackYesno, props) })));
    """
    (tmp_path / "render.mjs").write_text(fill(script, ""))
    result = subprocess.run(
        ["node", "--preserve-symlinks", "render.mjs"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    lines = result.stdout.replace('count=""', "count").splitlines()
    assert lines == ['<feelback-yesno widget="w" page="p" count options="y|Yes|"></feelback-yesno>'] * 2


ASTRO = """---
import Feelback from "@scope/astro/Feelback.astro";
const { ENDPOINT, PULSE, REACTION } = process.env;
---
<html lang="en"><head><meta charset="utf-8"><title>An Astro site</title></head><body>
<Feelback type="pulse" endpoint={ENDPOINT} widget={PULSE} count visitor="token"><p>Likes need JavaScript.</p></Feelback>
<Feelback type="reaction" endpoint={ENDPOINT} widget={REACTION} page="own"
    options={[{ value: "sad", label: "Sad" }]} />
</body></html>
"""


async def test_it_works_on_a_site_of_astro(website: Website, tmp_path: Path) -> None:
    await website.add_widget("pulse")
    await website.add_widget("reaction")
    install(tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "src/pages").mkdir(parents=True)
    (tmp_path / "src/pages/index.astro").write_text(fill(ASTRO, ""))
    environ: dict[str, Any] = {
        **os.environ, "ENDPOINT": website.server.url, "PULSE": website.widgets["pulse"],
        "REACTION": website.widgets["reaction"], "ASTRO_TELEMETRY_DISABLED": "1", "NODE_OPTIONS": "--preserve-symlinks",
    }  # fmt: skip
    build_astro(tmp_path, environ)
    website.pages.add("/page", (tmp_path / "dist/index.html").read_bytes())
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await page.get_by_role("button", name="Like").click()
        await expect(page.get_by_role("button", name="Like")).to_have_text("👍Like1")
        await page.get_by_role("button", name="Sad").click()
        await website.holds(("pulse", "+", None, None), ("reaction", "sad", None, None))
        await expect(page.get_by_text("Likes need JavaScript.")).to_be_hidden()
        assert await page.evaluate("localStorage.feelback.includes('visitor')")
        assert watch.errors == []
