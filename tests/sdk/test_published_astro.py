"""The published components for Astro, unmodified: yes or no, then reasons and words, are one response."""

import os
import shutil

import pytest
from playwright.async_api import Page, expect

from tests.support.follow_ups import WHY, WHY_NOT
from tests.support.frameworks import build_astro, install
from tests.support.needs import needs_both
from tests.support.sdk_pages import MODULES, browsing
from tests.support.sdk_website import Watch, Website

pytestmark = [
    needs_both,
    pytest.mark.skipif(
        not (MODULES / "astro-feelback").is_dir(), reason="the published packages are missing: run tests/install"
    ),
]

# FeelbackSplitTaggedMessage keeps yes or no to itself and sends the reason with the words, in one call. The component
# beside it sends the vote alone.
SITE = """---
import FeelbackSplitTaggedMessage from "astro-feelback/components/FeelbackSplitTaggedMessage.astro";
import FeelbackYesNo from "astro-feelback/components/FeelbackYesNo.astro";
const { WIDGET } = process.env;
const titles = { y: "Why?", n: "What was missing?" };
const tags = {
  y: [{ value: "clear", title: "Easy to understand" }],
  n: [
    { value: "unclear", title: "Hard to understand" },
    { value: "outdated", title: "Out of date", description: "Of an older version" },
  ],
};
---
<html lang="en"><head><meta charset="utf-8"><title>A site of Astro</title></head><body>
<div id="split"><FeelbackSplitTaggedMessage contentSetId={WIDGET} tags={tags} titles={titles} withMessage /></div>
<div id="vote"><FeelbackYesNo contentSetId={WIDGET} preset="check" showCount /></div>
</body></html>
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The site as Astro builds it, by path, with names in place of the server and the widget."""
    folder = tmp_path_factory.mktemp("site")
    install(folder)
    # Astro knows components by their real path.
    published = folder / "node_modules/astro-feelback"
    published.unlink()
    shutil.copytree(MODULES / "astro-feelback", published)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "src/pages").mkdir(parents=True)
    (folder / "src/pages/index.astro").write_text(SITE)
    names = {"PUBLIC_ENDPOINT": "https://server.example/v0", "WIDGET": "the-widget"}
    more = {"ASTRO_TELEMETRY_DISABLED": "1", "NODE_OPTIONS": "--preserve-symlinks"}
    build_astro(folder, {**os.environ, **names, **more})
    dist = folder / "dist"
    return {f"/{path.relative_to(dist)}": path.read_text() for path in dist.rglob("*") if path.is_file()}


async def write(website: Website, files: dict[str, str]) -> None:
    """Serve the site, whose widget asks why."""
    await website.add_widget("yesno")
    await website.ask_why("yesno", WHY_NOT, {**WHY, "message": True})
    for path, text in files.items():
        body = text.replace("https://server.example", website.server.url).replace(
            "the-widget", website.widgets["yesno"]
        )
        is_page = path == "/index.html"
        website.pages.add("/page" if is_page else path, body, "text/html" if is_page else "text/javascript")


async def send(page: Page, vote: str, reason: str, words: str = "") -> None:
    """Answer as a visitor does."""
    await page.locator("#split").get_by_role("button", name=vote).click()
    form = page.locator(f"#split .feelback-form-{vote[0].lower()}")
    await form.get_by_label(reason).check()
    await form.locator("textarea").fill(words)
    await form.get_by_role("button", name="Send").click()
    await expect(page.locator("#split").get_by_text("Thanks for your feedback")).to_be_visible()


async def test_a_reason_with_words_is_one_response(website: Website, files: dict[str, str]) -> None:
    await write(website, files)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await send(page, "No", "Out of date", "Since 3.0")
        await website.grew(("n", ["outdated"], "Since 3.0", None))
        assert [request for request in watch.requests if request[1] == "/v0/feelbacks/create"] == [
            ("POST", "/v0/feelbacks/create")
        ]
        # The visitor returns and changes their mind: still one response, without a reason of the other option.
        await page.reload()
        await send(page, "Yes", "Easy to understand", "Now it is clear")
        await website.grew(("y", ["clear"], "Now it is clear", None))
        assert watch.errors == []


async def test_the_reason_joins_the_vote_of_another_component(website: Website, files: dict[str, str]) -> None:
    await write(website, files)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        no = page.locator("#vote").get_by_title("No")
        await no.click()
        await expect(no).to_have_class("feelback-btn active")
        await website.grew(("n", [], None, None))
        await send(page, "No", "Hard to understand", "Which key?")
        await website.grew(("n", ["unclear"], "Which key?", None))
        # The counts that the page shows next time are of one response.
        await page.evaluate("localStorage.clear()")
        await page.reload()
        await expect(page.locator('#vote [data-feelback-count="n"]')).to_have_text("1")
        await expect(page.locator('#vote [data-feelback-count="y"]')).to_have_text("0")
        assert watch.errors == []
