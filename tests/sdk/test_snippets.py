"""The code of the documentation, unchanged, works on a website of another origin in a browser."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import expect

from app.site import docs
from app.site.markdown import HOST
from tests.support import factories, stand_ins
from tests.support.frameworks import build_astro, install
from tests.support.needs import needs_both
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_both
Pool = asyncpg.Pool

PLACEHOLDERS = {
    "THE WIDGET'S ID": "yesno",
    "THE PULSE WIDGET'S ID": "pulse",
    "THE MESSAGE WIDGET'S ID": "message",
}


def about(**context: str | int) -> tuple[str, str, None, str]:
    """The row of a vote with what a plugin knows of the page."""
    return ("yesno", "y", None, json.dumps(context))


YES, LIKE = ("yesno", "y", None, None), ("pulse", "+", None, None)
HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title><body>'
NAMED = r"^```(\w+) ([\w-]+)\n(.*?)^```$"
# Snippets that are whole pages: the button to press, and the row that it stores.
HTML = {
    "getting-started": ("Yes", YES),
    "html": ("Yes", YES),
    "html-core": ("Like", LIKE),
    "html-options": ("Ja", YES),
    "html-events": ("Yes", YES),
    "html-thanks": ("Yes", YES),
    "follow-ups": ("Yes", YES),
    "svelte": ("Yes", YES),
    "wordpress": ("Yes", YES),
    "hugo": ("Yes", YES),
    "jekyll": ("Yes", YES),
    "privacy": ("Yes", YES),
    "theming": ("Yes", YES),
    "no-javascript-inside": ("Like", LIKE),
    "published-sdk": ("Like", LIKE),
}
# Snippets that a bundler builds: language, button, row.
PROGRAMS = {"react": ("jsx", "Yes", YES), "vue": ("js", "Yes", YES), "lyket": ("jsx", "Like", LIKE)}
PROGRAMS |= {"nextjs": ("jsx", "Yes", YES), "docusaurus": ("jsx", "Yes", YES), "vitepress": ("js", "Yes", YES)}
PROGRAMS |= {"nuxt": ("js", "Yes", YES), "angular": ("ts", "Yes", YES), "typescript": ("ts", "Yes", YES)}
PROGRAMS |= {"docusaurus-config": ("js", "Yes", YES), "vitepress-config": ("js", "Yes", YES)}
PROGRAMS |= {"react-hooks": ("jsx", "Helpful", YES), "vue-composables": ("js", "Helpful", YES)}
# Plugins send what their tool knows of the page.
PROGRAMS |= {
    "docusaurus-plugin": ("jsx", "Yes", about(locale="de", editUrl="https://git.example/a.md", version="2.1")),
    "nextra": ("jsx", "Yes", about(locale="de", editUrl="https://git.example/edit/content/a.mdx")),
    "vitepress-theme": ("js", "Yes", about(locale="de", editUrl="https://git.example/docs/de/a.md")),
    "nuxt-module": ("js", "Yes", about(locale="de", section=1)),
}
PROGRAMS |= {"published-react": ("jsx", "", LIKE), "published-js": ("js", "", LIKE), "svelte-import": ("js", "", None)}


# What a page of a framework that is not installed has, by the configuration that it needs.
PAGES = {
    "nuxt": "nuxt-page",
    "angular": "angular-index",
    "docusaurus-config": "docusaurus-page",
    "vitepress-config": "vitepress-page",
}


def snippets() -> dict[str, tuple[str, str]]:
    """Every named snippet: its language and code, by name."""
    by_name: dict[str, tuple[str, str]] = {}
    for page in docs.pages().values():
        for language, name, code in re.findall(NAMED, page.text, re.M | re.S):
            assert name not in by_name, name
            by_name[name] = (language, code)
    return by_name


def fill(website: Website, name: str) -> str:
    """A snippet's code with the ids and addresses that a reader would fill in."""
    code = snippets()[name][1].replace(HOST, website.server.url).replace("https://blog.example", website.pages.origin)
    for placeholder, type in PLACEHOLDERS.items():
        code = code.replace(placeholder, website.widgets.get(type, placeholder))
    return code


async def add_widgets(website: Website) -> None:
    for type in PLACEHOLDERS.values():
        await website.add_widget(type)


def test_every_snippet_with_a_name_is_run() -> None:
    others = {"html-pages", "no-javascript", "no-javascript-message", "astro", "from-your-own",
              "published-tags", *PAGES.values()}  # fmt: skip
    assert set(snippets()) == {*HTML, *PROGRAMS, *others}


@pytest.mark.parametrize("name", HTML)
async def test_it_works_as_a_page(website: Website, name: str) -> None:
    await add_widgets(website)
    button, stored = HTML[name]
    page_text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title><body>{fill(website, name)}'
    website.pages.add("/page", page_text)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await page.get_by_role("button", name=button).click()
        await website.holds(stored)
        if name == "html-thanks":
            await expect(page.get_by_text("Noted, thank you!")).to_be_visible()
            await expect(page.get_by_text("Talk to us")).to_be_visible()
        if name == "html-events":
            await expect(page.get_by_text("Thank you! Tell us more")).to_be_visible()
        assert watch.errors == []


async def test_page_keys_keep_questions_apart(website: Website) -> None:
    await add_widgets(website)
    website.pages.add(
        "/page", f'<!doctype html><html lang="en"><title>A page</title><body>{fill(website, "html-pages")}'
    )
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="Like").last.click()
        await website.holds(LIKE)
        keys = [row["key"] for row in await website.pool.fetch("select key from placement")]
        assert keys == ["/coffee"]


@pytest.mark.parametrize(
    ("name", "stored"),
    [("no-javascript", YES), ("no-javascript-message", ("message", "message", "More tea!", '{"$language": "en"}'))],
)
async def test_a_form_works_without_a_script(website: Website, name: str, stored: tuple[str, ...]) -> None:
    await add_widgets(website)
    website.pages.add("/hello", HEAD + fill(website, name))
    async with browsing(java_script_enabled=False) as page:
        await page.goto(website.pages.origin + "/hello")
        if "message" in name:
            await page.get_by_label("Tell us").fill("More tea!")
        await page.get_by_role("button").first.click()
        await page.wait_for_url("**/hello")
        await website.holds(stored)


def bundle(name: str, code: str, language: str, folder: Path, page: str = "") -> bytes:
    """A program, bundled as its site would serve it; one of a framework is run by its stand-in, with `page` in it."""
    install(folder)
    if name in stand_ins.ENTRIES:
        (folder / f"snippet.{snippets()[name][0]}").write_text(code)
        code = stand_ins.write(name, folder, page)
    (folder / f"app.{language}").write_text(code)
    command = [
        "node_modules/.bin/esbuild",
        f"app.{language}",
        "--bundle",
        "--minify",
        "--jsx=automatic",
        "--format=esm",
        "--target=es2022",
    ]
    command += ["--outfile=out.js", "--define:process.env.NODE_ENV='production'", "--preserve-symlinks"]
    command += ["--define:__VUE_OPTIONS_API__=true", "--define:__VUE_PROD_DEVTOOLS__=false"]
    command += ["--define:__VUE_PROD_HYDRATION_MISMATCH_DETAILS__=false", "--log-level=error"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert result.returncode == 0, f"{name}: {result.stderr}"
    return (folder / "out.js").read_bytes()


@pytest.mark.parametrize("name", PROGRAMS)
async def test_it_works_as_a_program(website: Website, tmp_path: Path, name: str) -> None:
    await add_widgets(website)
    language, button, stored = PROGRAMS[name]
    code = bundle(name, fill(website, name), language, tmp_path, fill(website, PAGES[name]) if name in PAGES else "")
    website.pages.add("/app.js", code, "text/javascript")
    website.pages.add(
        "/page",
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>An app</title><body><div id="root"></div>'
        '<script type="module" src="/app.js"></script>',
    )
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        if button or name == "published-react":
            await page.get_by_role("button", name=button or None).first.click()
        await website.holds(*([stored] if stored else []))
        assert watch.errors == []


async def test_vote_reason_and_message_of_the_published_package_are_one_response(
    website: Website, tmp_path: Path
) -> None:
    await add_widgets(website)
    reasons = [{"value": "unclear"}, {"value": "outdated"}]
    await website.ask_why("yesno", {"option": "n", "question": "Why?", "message": True, "reasons": reasons})
    code = bundle("published-tags", fill(website, "published-tags"), "jsx", tmp_path)
    website.pages.add("/app.js", code, "text/javascript")
    website.pages.add("/page", HEAD + '<div id="root"></div><script type="module" src="/app.js"></script>')
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await page.get_by_text("Out of date").click()
        await page.get_by_role("textbox").fill("Since 3.0")
        await page.get_by_role("button").last.click()
        await website.grew(("n", ["outdated"], "Since 3.0", None))


async def test_it_works_on_a_site_of_astro(website: Website, tmp_path: Path) -> None:
    await add_widgets(website)
    install(tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "src/pages").mkdir(parents=True)
    (tmp_path / "src/pages/index.astro").write_text(fill(website, "astro"))
    build_astro(tmp_path, {**os.environ, "ASTRO_TELEMETRY_DISABLED": "1", "NODE_OPTIONS": "--preserve-symlinks"})
    website.pages.add("/page", (tmp_path / "dist/index.html").read_bytes())
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="Yes").click()
        await website.holds(YES)


async def test_a_table_of_your_own_is_imported(website: Website, tmp_path: Path, pool: "Pool[asyncpg.Record]") -> None:
    await add_widgets(website)
    key = await factories.api_key(pool, website.project, "write")
    program = tmp_path / "move.py"
    program.write_text(fill(website, "from-your-own"))
    for _ in range(2):  # a second run must change nothing
        result = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, str(program)],
            env={**os.environ, "KEY": key},
            capture_output=True,
            text=True,
        )
        assert result.stdout == "3 sent\n", result.stderr
    await website.holds(LIKE, LIKE, LIKE)
