"""Every element as visitors use it: mouse, keyboard, screen reader, light and dark, both directions of text."""

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.support.needs import needs_both, needs_chromium
from tests.support.sdk_pages import MODULES, browsing
from tests.support.sdk_website import THEMES, Watch, Website, violations

pytestmark = needs_chromium

FIELDS = [
    {"name": "name", "label": "Your name", "required": True},
    {"name": "age", "kind": "number", "min": 1, "max": 120},
    {"name": "email", "kind": "email", "label": "E-mail"},
    {"name": "size", "kind": "choice", "choices": ["S", "M"], "label": "Size"},
    {"name": "news", "kind": "boolean", "label": "Send me news"},
    {"name": "why", "label": "Why?", "max": 1000},
]
ALL = """<main><h1>Every element</h1>
<p><feelback-reaction widget="{reaction}" layout="picker" count page="b" preset="github"></feelback-reaction></p>
<p><feelback-pulse widget="{pulse}" count preset="pulse-heart"></feelback-pulse></p>
<p><feelback-updown widget="{updown}" count></feelback-updown></p>
<p><feelback-yesno widget="{yesno}" count label="Was this helpful?"></feelback-yesno></p>
<p><feelback-reaction widget="{reaction}" preset="github" count></feelback-reaction></p>
<p><feelback-rating widget="{rating}" count label="Rate it"></feelback-rating></p>
<p><feelback-nps widget="{nps}" label="Would you recommend us?"></feelback-nps></p>
<feelback-message widget="{message}" email label="Write to us"></feelback-message>
<feelback-tagged-message widget="{tagged}"></feelback-tagged-message>
<feelback-form widget="{form}" label="Tell us about you"></feelback-form>
<feelback-message widget="{message}" layout="dialog"></feelback-message>
</main>"""


async def write_all(website: Website) -> None:
    """Write a page with all elements."""
    for type in ("pulse", "updown", "yesno", "rating", "nps", "message", "tagged"):
        await website.add_widget(type)
    await website.add_widget("reaction", preset="github")
    await website.add_widget("form", fields=FIELDS)
    website.pages.add("/page.css", THEMES, "text/css")
    website.write(ALL, head='<link rel="stylesheet" href="/page.css">')


async def wait_until_drawn(page: Page) -> None:
    """Wait until every element is drawn."""
    is_complete = (
        "[...document.querySelectorAll('main *')].filter((e) => e.localName.includes('-'))"
        ".every((e) => e.shadowRoot?.childElementCount > 0)"
    )
    for _ in range(200):  # the page's own policy forbids wait_for_function
        if await page.evaluate(is_complete):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("Not every element is drawn.")


@needs_both
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_fault(website: Website, scheme: Any) -> None:
    await write_all(website)
    async with browsing(color_scheme=scheme, viewport={"width": 390, "height": 844}) as page:
        await page.add_init_script((MODULES / "axe-core/axe.min.js").read_text())
        await page.goto(website.url)
        await wait_until_drawn(page)
        assert await page.evaluate("typeof axe.run") == "function"
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.get_by_role("button", name="Love", exact=False).first.click()
        await page.get_by_role("button", name="3 stars").click()
        await page.get_by_role("button", name="React").click()
        await expect(page.get_by_role("button", name="Love")).to_have_count(3)
        assert await violations(page) == []
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Give feedback").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await violations(page) == []


async def test_it_sends_of_every_type(website: Website) -> None:
    await write_all(website)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await wait_until_drawn(page)
        await page.get_by_role("button", name="Downvote").click()
        await page.locator("feelback-reaction").last.get_by_role("button", name="What?").click()
        await page.get_by_role("button", name="4 stars").click()
        await expect(page.locator("feelback-rating").locator("[part=average]")).to_have_text("4.0 (1)")
        await page.get_by_role("button", name="10: Extremely likely").click()
        form = page.locator("feelback-form")
        await form.get_by_label("Your name").fill("Ada")
        await form.get_by_label("age").fill("36")
        await form.get_by_label("Size").select_option("M")
        await form.get_by_label("Send me news").check()
        await form.get_by_role("button", name="Send").click()
        await expect(form.get_by_role("status")).to_have_text("Thank you.")
        await expect(form.get_by_role("status")).to_be_focused()
        tagged = page.locator("feelback-tagged-message")
        await tagged.get_by_label("Error").check()
        await tagged.get_by_label("Your message").fill("Broken & bent")
        await tagged.get_by_role("button", name="Send").click()
        await expect(tagged.get_by_role("status")).to_have_text("Thank you.")
        message = page.locator("feelback-message").first
        await message.get_by_label("Your message").fill("Grüße")
        await message.get_by_label("Your e-mail").fill("ada@example.com")
        await message.get_by_role("button", name="Send").click()
        await expect(message.get_by_role("status")).to_have_text("Thank you.")
        await message.get_by_role("button", name="Write another").click()
        await expect(message.get_by_label("Your message")).to_be_focused()
        await expect(message.get_by_label("Your message")).to_have_value("")
        await website.holds(
            ("updown", "-1", None, None),
            ("reaction", "eyes", None, None),
            ("rating", "4", None, None),
            ("nps", "10", None, None),
            ("form", "form", '{"age": 36, "name": "Ada", "news": true, "size": "M"}', None),
            ("tagged", "error", "Broken & bent", None),
            ("message", "message", "Grüße", '{"$user": "ada@example.com"}'),
        )
        assert watch.errors == []


@needs_both
@pytest.mark.parametrize(
    ("preset", "low", "high", "size"),
    [("csat", "Very dissatisfied", "Very satisfied", 5), ("ces", "Very difficult", "Very easy", 7)],
)
async def test_a_scale_says_what_its_ends_mean(website: Website, preset: str, low: str, high: str, size: int) -> None:
    await website.add_widget("rating", preset=preset)
    website.pages.add("/page.css", THEMES, "text/css")
    website.write(
        '<main><h1>A scale</h1><feelback-rating widget="{rating}" preset="widget" count label="How was it?">'
        "</feelback-rating></main>",
        head='<link rel="stylesheet" href="/page.css">',
    )
    async with browsing(viewport={"width": 320, "height": 640}) as page:
        await page.add_init_script((MODULES / "axe-core/axe.min.js").read_text())
        watch = Watch(page, website.server)
        await page.goto(website.url)
        buttons = page.get_by_role("group", name="How was it?").get_by_role("button")
        await expect(buttons).to_have_count(size)
        icons = await page.locator("feelback-rating [part=icon]").all_inner_texts()
        assert icons == [str(n) for n in range(1, size + 1)]
        await expect(page.locator("feelback-rating [part=low]")).to_have_text(low)
        await expect(page.locator("feelback-rating [part=high]")).to_have_text(high)
        await buttons.first.focus()
        await page.keyboard.press("ArrowLeft")  # to the last
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name=f"{size}: {high}")).to_have_attribute("aria-pressed", "true")
        await expect(page.locator("[part=average]")).to_have_text(f"{size}.0 (1)")
        await website.holds(("rating", str(size), None, None))
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert watch.errors == []


async def test_it_tells_what_a_form_lacks(website: Website) -> None:
    fields = [{"name": "name", "required": True, "min": 3}]
    await website.add_widget("form", fields=fields)
    website.write('<feelback-form widget="{form}" fields=\'[{"name":"name"}]\'></feelback-form>')
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_label("name").fill("A")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("status")).to_contain_text("at least 3")
        await expect(page.get_by_label("name")).to_have_value("A")


async def test_it_picks_a_reaction_by_keyboard(website: Website) -> None:
    await website.add_widget("reaction")
    website.write('<feelback-reaction widget="{reaction}" layout="picker" count></feelback-reaction>')
    async with browsing() as page:
        await page.goto(website.url)
        toggle = page.get_by_role("button", name="React")
        await expect(toggle).to_have_attribute("aria-expanded", "false")
        await toggle.press("Enter")
        await expect(page.get_by_role("button", name="Happy")).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await expect(toggle).to_be_focused()
        await expect(page.get_by_role("button", name="React: Sad")).to_have_text("🙁React: Sad1")
        await expect(page.get_by_role("button", name="Happy")).to_be_hidden()
        await toggle.press("Enter")
        await page.keyboard.press("Escape")
        await expect(toggle).to_be_focused()
        await expect(toggle).to_have_attribute("aria-expanded", "false")
        await toggle.click()
        await page.mouse.click(500, 500)
        await expect(toggle).to_have_attribute("aria-expanded", "false")
        await website.holds(("reaction", "sad", None, None))


async def test_it_writes_from_right_to_left(website: Website) -> None:
    await website.add_widget("rating")
    website.write('<div dir="rtl"><feelback-rating widget="{rating}"></feelback-rating></div>')
    async with browsing() as page:
        await page.goto(website.url)
        one, two = page.get_by_role("button", name="1 star"), page.get_by_role("button", name="2 stars")
        first, second = await one.bounding_box(), await two.bounding_box()
        assert first
        assert second
        assert first["x"] > second["x"]
        await one.focus()
        await page.keyboard.press("ArrowLeft")
        await expect(two).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await expect(one).to_be_focused()


async def test_it_moves_less_for_who_wants_that(website: Website) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}"></feelback-pulse>')
    durations = {}
    for motion in ("no-preference", "reduce"):
        async with browsing(reduced_motion=motion) as page:
            await page.goto(website.url)
            icon = page.locator("[part=icon]")
            durations[motion] = await icon.evaluate("(icon) => getComputedStyle(icon).transitionDuration")
    assert durations == {"no-preference": "0.15s", "reduce": "0s"}


async def test_it_takes_a_page_s_colours(website: Website) -> None:
    await website.add_widget("pulse")
    website.pages.add(
        "/page.css", "body { color: rgb(1, 2, 3) } .own { --feelback-accent: rgb(200, 0, 0) }", "text/css"
    )
    website.write(
        '<feelback-pulse widget="{pulse}" class="own"></feelback-pulse>',
        head='<link rel="stylesheet" href="/page.css">',
    )
    async with browsing() as page:
        await page.goto(website.url)
        button = page.get_by_role("button")
        assert await button.evaluate("(button) => getComputedStyle(button).color") == "rgb(1, 2, 3)"
        await button.click()
        await expect(button).to_have_css("outline-color", "rgb(200, 0, 0)")


async def test_it_reads_the_options_from_the_server_where_the_page_has_none(website: Website) -> None:
    options = json.loads('[{"value": "a", "label": "First", "icon": "🅰"}, {"value": "b", "label": "Second"}]')
    await website.add_widget("reaction", options=options)
    website.write('<feelback-reaction widget="{reaction}" count></feelback-reaction>' * 2)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await expect(page.get_by_role("button")).to_have_count(4)
        await expect(page.get_by_role("button", name="First").first).to_have_text("🅰First0")
        assert [path for _, path in watch.requests if "widgets" in path] == [
            f"/v1/widgets/{website.widgets['reaction']}"
        ]
