"""Elements ask why: in place, step by step, by mouse, keyboard and screen reader."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.async_api import Page, Route, expect

from app.config import ROOT
from app.database.tenant import TenantPool
from app.panel.integrate.snippets import Snippet
from app.queries.widget_settings import widget_settings
from tests.support.needs import needs_both, needs_chromium
from tests.support.sdk_pages import MODULES, browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_chromium

REASONS = [{"value": "unclear", "label": "Hard to understand"}, {"value": "outdated", "label": "Out of date"}]
WHY_NOT = {"option": "n", "question": "What was missing?", "multiple": True, "message": True, "contact": True,
           "reasons": REASONS}  # fmt: skip
WHY = {"option": "y", "question": "What helped?", "reasons": [{"value": "clear", "label": "Clear"}, {"value": "short"}]}
ELEMENT = '<feelback-yesno widget="{yesno}" label="Was this helpful?" count></feelback-yesno>'
SCRIPTS = pytest.mark.parametrize("script", ["core", "feelback"])


async def write(website: Website, element: str = ELEMENT, **more: Any) -> None:
    """Write a page with a yes/no element whose options have follow-ups."""
    await website.add_widget("yesno")
    await website.ask_why("yesno", WHY_NOT, WHY)
    website.write(element, **more)


def panel(page: Page) -> Any:
    """What asks why."""
    return page.get_by_role("form", name="What was missing?")


@SCRIPTS
async def test_each_step_is_stored_by_itself_and_a_response_counts_once(website: Website, script: str) -> None:
    await write(website, script=script)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await watch.listen(":response", ":followup", ":done")
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await expect(page.get_by_role("status").first).to_have_text("Thank you. What was missing?")
        await expect(page.get_by_text("Thank you.")).to_be_visible()
        await website.grew(("n", [], None, None))
        await page.get_by_role("button", name="Out of date").click()
        await website.grew(("n", ["outdated"], None, None))
        await expect(panel(page).get_by_role("status")).to_have_text("Saved.")
        await page.get_by_role("button", name="Hard to understand").click()
        await expect(page.get_by_role("button", name="Out of date")).to_have_attribute("aria-pressed", "true")
        await website.grew(("n", ["unclear", "outdated"], None, None))
        await page.get_by_role("button", name="Out of date").click()
        await website.grew(("n", ["unclear"], None, None))
        await page.get_by_label("Your message").fill(" Which key? ")
        await page.get_by_label("Your e-mail").fill("ada@example.com")  # leaving the message sends it
        await website.grew(("n", ["unclear"], "Which key?", None))
        await page.get_by_role("button", name="Send").click()
        await website.grew(("n", ["unclear"], "Which key?", "ada@example.com"))
        await expect(panel(page)).to_have_count(0)
        await expect(page.get_by_role("status")).to_have_text("Thank you.")
        await expect(page.get_by_role("button", name="No")).to_have_text("👎No1")
        names = [name for name, _ in await watch.events() if name in ("response", "followup", "done")]
        assert names == ["response", *["followup"] * 5, "done"]
        assert watch.errors == []


async def test_events_have_ids(website: Website) -> None:
    await write(website)
    async with browsing() as page:
        await page.add_init_script(
            "window.events = []; for (const name of ['response', 'followup', 'done']) addEventListener('feelback:' + "
            "name, ({ type, detail }) => events.push([type.slice(9), detail.id, detail.value, detail.reasons ?? null]))"
        )
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await page.get_by_role("button", name="Out of date").click()
        await expect(panel(page).get_by_role("status")).to_have_text("Saved.")
        await page.keyboard.press("Escape")
        id = str(await website.pool.fetchval("select id from response"))
        assert await page.evaluate("events") == [
            ["response", id, "n", None], ["followup", id, "n", ["outdated"]], ["done", id, "n", None],
        ]  # fmt: skip


@SCRIPTS
@pytest.mark.parametrize("after", ["vote", "reason", "message", "contact"])
async def test_a_tab_that_is_closed_loses_no_step_that_was_acknowledged(
    website: Website, script: str, after: str
) -> None:
    await write(website, script=script)
    steps = ["vote", "reason", "message", "contact"]
    steps = steps[: steps.index(after) + 1]
    async with browsing() as tab:
        await tab.goto(website.url)
        await tab.get_by_role("button", name="No").click()
        await expect(panel(tab)).to_be_visible()
        if "reason" in steps:
            await tab.get_by_role("button", name="Out of date").click()
            await expect(panel(tab).get_by_role("status")).to_have_text("Saved.")
        if "message" in steps:
            async with tab.expect_event("requestfinished", lambda request: request.method == "PATCH"):
                await tab.get_by_label("Your message").fill("Words")
                await tab.get_by_label("Your e-mail").focus()
        if "contact" in steps:
            async with tab.expect_event("requestfinished", lambda request: request.method == "PATCH"):
                await tab.get_by_label("Your e-mail").fill("ada@example.com")
                await tab.get_by_label("Your message").focus()
        await tab.close()
    await website.grew((
        "n", ["outdated"] * ("reason" in steps), "Words" if "message" in steps else None,
        "ada@example.com" if "contact" in steps else None,
    ))  # fmt: skip


async def test_it_is_worked_by_keyboard_and_closed_by_escape(website: Website) -> None:
    await write(website)
    async with browsing() as page:
        await page.goto(website.url)
        no = page.get_by_role("button", name="No")
        await no.press("Enter")
        await expect(page.get_by_text("What was missing?")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Hard to understand")).to_be_focused()
        await page.keyboard.press("Space")
        await website.grew(("n", ["unclear"], None, None))
        await page.keyboard.press("Escape")
        await expect(panel(page)).to_have_count(0)
        await expect(no).to_be_focused()
        await page.keyboard.press("Enter")  # takes the vote back
        await website.grew()
        await page.keyboard.press("Enter")
        await page.get_by_label("Your message").fill("Words that were not sent")
        await page.keyboard.press("Escape")
        await expect(no).to_be_focused()
        await asyncio.sleep(0.2)
        await website.grew(("n", [], None, None))


async def test_the_mouse_keeps_the_focus_where_it_was(website: Website) -> None:
    await write(website)
    async with browsing() as page:
        await page.goto(website.url)
        no = page.get_by_role("button", name="No")
        await no.click()
        await expect(panel(page)).to_be_visible()
        await expect(no).to_be_focused()
        await page.keyboard.press("Escape")  # from outside it too
        await expect(panel(page)).to_have_count(0)
        await no.click()
        await no.click()
        await page.get_by_role("button", name="Close").click()
        await expect(panel(page)).to_have_count(0)


async def test_it_is_shown_while_the_choice_asks_for_it(website: Website) -> None:
    await write(website)
    async with browsing() as page:
        await page.goto(website.url)
        yes, no = page.get_by_role("button", name="Yes"), page.get_by_role("button", name="No")
        await no.click()
        await page.get_by_role("button", name="Out of date").click()
        await website.grew(("n", ["outdated"], None, None))
        await yes.click()
        await expect(panel(page)).to_have_count(0)
        await expect(page.get_by_role("form", name="What helped?")).to_be_visible()
        await website.grew(("y", [], None, None))
        await page.get_by_role("button", name="Clear").click()
        await page.get_by_role("button", name="short").click()  # one reason only
        await expect(page.get_by_role("button", name="Clear")).to_have_attribute("aria-pressed", "false")
        await website.grew(("y", ["short"], None, None))
        await page.get_by_role("button", name="short").click()
        await website.grew(("y", [], None, None))
        await yes.click()
        await expect(page.get_by_role("form")).to_have_count(0)
        await expect(page.get_by_role("status")).to_have_text("Taken back.")
        await website.grew()
        for button in (yes, no, yes, no):
            await button.click()
        await expect(panel(page)).to_be_visible()
        await expect(page.get_by_role("form")).to_have_count(1)
        await page.reload()
        await expect(no).to_have_attribute("aria-pressed", "true")
        await asyncio.sleep(0.3)
        await expect(page.get_by_role("form")).to_have_count(0)


async def test_of_several_elements_the_one_that_was_pressed_asks(website: Website) -> None:
    await write(website, ELEMENT * 2)
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").last.click()
        await expect(page.locator("feelback-yesno").last.get_by_role("form")).to_be_visible()
        await expect(page.get_by_role("form")).to_have_count(1)
        await page.get_by_role("button", name="No").first.click()
        await expect(page.get_by_role("form")).to_have_count(0)


LAYOUTS = {
    "pulse": ('<feelback-pulse widget="{pulse}"></feelback-pulse>', "+", "Like"),
    "updown": ('<feelback-updown widget="{updown}" look="icons"></feelback-updown>', "-1", "Downvote"),
    "reaction": ('<feelback-reaction widget="{reaction}"></feelback-reaction>', "sad", "Sad"),
    "reaction picker": ('<feelback-reaction widget="{reaction}" layout="picker"></feelback-reaction>', "sad", "Sad"),
    "rating": ('<feelback-rating widget="{rating}"></feelback-rating>', "2", "2 stars"),
    "nps": ('<feelback-nps widget="{nps}"></feelback-nps>', "3", "3"),
    "tagged": ('<feelback-tagged-message widget="{tagged}"></feelback-tagged-message>', "error", "Error"),
    "tagged dialog": ('<feelback-tagged-message widget="{tagged}" layout="dialog" message="none">'
                      "</feelback-tagged-message>", "error", "Error"),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_it_asks_in_every_layout(website: Website, layout: str) -> None:
    element, option, name = LAYOUTS[layout]
    type = layout.partition(" ")[0]
    await website.add_widget(type)
    await website.ask_why(type, {"option": option, "question": "Why?", "contact": True, "reasons": REASONS})
    website.write(element)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        if "picker" in layout:
            await page.get_by_role("button", name="React").click()
        if "dialog" in layout:
            await page.get_by_role("button", name="Give feedback").click()
        if type == "tagged":
            await page.get_by_label(name).check()
            await page.get_by_role("button", name="Send").click()
        else:
            await page.get_by_role("button", name=name, exact=True).click()
        await expect(page.get_by_role("form", name="Why?")).to_be_visible()
        await page.get_by_role("button", name="Out of date").click()
        await website.grew((option, ["outdated"], None, None))
        await page.get_by_label("Your e-mail").fill("ada@example.com")
        await page.get_by_label("Your e-mail").press("Enter")
        await website.grew((option, ["outdated"], None, "ada@example.com"))
        await expect(page.get_by_role("form", name="Why?")).to_have_count(0)
        await expect(page.get_by_text("Thank you.")).to_be_visible()
        if type == "tagged":
            await page.get_by_role("button", name="Write another").click()
            await expect(page.get_by_label(name)).to_be_visible()
        assert watch.errors == []


async def test_a_step_that_could_not_be_sent_waits_and_a_later_one_replaces_it(website: Website) -> None:
    await write(website, script="core")
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await expect(panel(page)).to_be_visible()
        await page.context.set_offline(True)
        for name in ("Out of date", "Hard to understand", "Out of date"):
            await page.get_by_role("button", name=name).click()
        await expect(panel(page).get_by_role("status")).to_contain_text("It will be sent")
        await page.get_by_label("Your message").fill("Written in a tunnel")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("status")).to_contain_text("It will be sent")
        await website.grew(("n", [], None, None))
        assert len(await page.evaluate("JSON.parse(localStorage.feelback).steps")) == 2
        await page.context.set_offline(False)
        await website.grew(("n", ["unclear"], "Written in a tunnel", None))
        assert await page.evaluate("JSON.parse(localStorage.feelback).steps") == []


async def test_a_step_that_is_late_does_not_replace_a_newer_one(website: Website) -> None:
    await write(website)
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await expect(panel(page)).to_be_visible()
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Out of date").click()
        await expect(panel(page).get_by_role("status")).to_contain_text("It will be sent")
        is_sent = asyncio.Event()

        async def held_up(route: Route) -> None:
            if is_sent.is_set():
                return await route.continue_()
            is_sent.set()
            await asyncio.sleep(1)
            await route.continue_()

        await page.route("**/v1/responses/*", held_up)
        await page.context.set_offline(False)
        async with asyncio.timeout(30):
            await is_sent.wait()
        await page.get_by_role("button", name="Hard to understand").click()
        await asyncio.sleep(2)
        await website.grew(("n", ["unclear", "outdated"], None, None))
        assert await page.evaluate("JSON.parse(localStorage.feelback).steps") == []


async def test_steps_that_wait_outlive_the_page(website: Website) -> None:
    await write(website, script="core")
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await expect(panel(page)).to_be_visible()

        async def busy(route: Route) -> None:
            await route.fulfill(status=503, headers={"retry-after": "60", "access-control-allow-origin": "*"})

        await page.route("**/v1/responses/*", busy)
        await page.get_by_role("button", name="Out of date").click()
        await expect(panel(page).get_by_role("status")).to_contain_text("It will be sent")
        await page.unroute("**/v1/responses/*", busy)
        await page.goto(website.url + "?another")
        await website.grew(("n", ["outdated"], None, None))


async def test_a_refusal_is_said_and_what_was_stored_stays(website: Website) -> None:
    await write(website)
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await page.get_by_role("button", name="Hard to understand").click()
        await website.grew(("n", ["unclear"], None, None))
        await website.ask_why("yesno", {**WHY_NOT, "reasons": REASONS[:1]})
        await page.get_by_role("button", name="Out of date").click()
        await expect(panel(page).get_by_role("status")).to_contain_text("Reasons")
        await expect(page.get_by_role("button", name="Out of date")).to_have_attribute("aria-pressed", "false")
        await expect(page.get_by_role("button", name="Hard to understand")).to_have_attribute("aria-pressed", "true")
        await page.get_by_label("Your message").fill("Words")
        await page.get_by_label("Your e-mail").fill("no address")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_label("Your e-mail")).to_be_focused()  # the browser's own message
        await page.get_by_label("Your e-mail").evaluate("(input) => (input.type = 'text')")
        await page.get_by_role("button", name="Send").click()
        await expect(panel(page).get_by_role("status")).to_contain_text("Contact must be an email address")
        await expect(page.get_by_label("Your message")).to_have_value("Words")
        await website.grew(("n", ["unclear"], "Words", None))


async def test_its_words_are_the_page_s_or_the_widget_s(website: Website) -> None:
    await website.add_widget("yesno")
    await website.ask_why("yesno", {
        "option": "n", "question": "ما الذي كان ناقصًا؟", "message": True,
        "reasons": [{"value": "a", "label": "غير واضح"}, {"value": "b", "label": "<b>Bold</b>"}],
    })  # fmt: skip
    words = {"message": "رسالتك", "optional": "(اختياري)", "send": "أرسل", "close": "أغلق", "saved": "تم الحفظ"}
    website.write(
        f'<feelback-yesno widget="{{yesno}}" thanks="شكرًا لك" texts=\'{json.dumps(words)}\'></feelback-yesno>'
    )
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        form = page.get_by_role("form", name="ما الذي كان ناقصًا؟")
        await expect(page.get_by_text("شكرًا لك")).to_be_visible()
        assert await form.get_by_text("ما الذي كان ناقصًا؟").evaluate("(e) => getComputedStyle(e).direction") == "rtl"
        await form.get_by_role("button", name="<b>Bold</b>").click()
        await expect(form.get_by_role("status")).to_have_text("تم الحفظ")
        await form.get_by_label("رسالتك (اختياري)").fill("כן")
        assert await form.get_by_label("رسالتك").evaluate("(e) => getComputedStyle(e).direction") == "rtl"
        await form.get_by_role("button", name="أرسل").click()
        await website.grew(("n", ["b"], "כן", None))


async def test_the_last_words_are_those_of_the_option(website: Website) -> None:
    await website.add_widget("yesno")
    await website.ask_why("yesno", {**WHY_NOT, "thanks": "Thank you, we will mend it."})
    website.write(ELEMENT)
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await expect(page.get_by_text("Thank you.")).to_be_visible()
        await page.get_by_role("button", name="Out of date").click()
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("status")).to_have_text("Thank you, we will mend it.")


PARTS = ["followup", "followup-question", "reasons", "reason", "field", "input", "actions", "send", "close",
         "followup-status"]  # fmt: skip


async def test_every_piece_can_be_styled_by_the_page(website: Website) -> None:
    css = "".join(f"feelback-yesno::part({part}) {{ scroll-margin: {n + 1}px }}" for n, part in enumerate(PARTS))
    website.pages.add("/page.css", css, "text/css")
    await write(website, head='<link rel="stylesheet" href="/page.css">')
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        for n, part in enumerate(PARTS):
            await expect(page.locator(f"[part~={part}]").first).to_have_css("scroll-margin", f"{n + 1}px")


@needs_both
@pytest.mark.parametrize("scheme", ["light", "dark"])
@SCRIPTS
async def test_axe_finds_no_fault(website: Website, script: str, scheme: Any) -> None:
    website.pages.add(
        "/page.css", ":root { color-scheme: light dark } body { background: #fff; color: #222; font: 16px sans-serif }"
        "@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }", "text/css",
    )  # fmt: skip
    await write(website, f"<main><h1>A page</h1>{ELEMENT}</main>", script=script,
                head='<link rel="stylesheet" href="/page.css">')  # fmt: skip
    async with browsing(color_scheme=scheme, viewport={"width": 390, "height": 844}) as page:
        await page.add_init_script((MODULES / "axe-core/axe.min.js").read_text())
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await page.get_by_role("button", name="Out of date").click()
        await expect(panel(page).get_by_role("status")).to_have_text("Saved.")
        faults = await page.evaluate(
            "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
            ".then(({ violations }) => violations.map(v => [v.id, v.nodes.map(n => [n.target, n.failureSummary])]))"
        )
        assert faults == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


SHIFTS = (
    "window.shifts = 0; new PerformanceObserver((list) => { for (const { value, hadRecentInput } of list.getEntries())"
    " if (!hadRecentInput) shifts += value }).observe({ type: 'layout-shift', buffered: true })"
)


@pytest.mark.parametrize("seconds", [0, 0.7])  # 0.7: what moves is not taken for the visitor's doing any more
@pytest.mark.parametrize("width", [390, 1280])
async def test_nothing_else_on_the_page_moves(website: Website, width: int, seconds: float) -> None:
    await website.add_widget("yesno")
    await website.ask_why("yesno", WHY_NOT, WHY)
    text = f"<p>{'Words of the page. ' * 40}</p>"
    website.pages.add("/page", (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
        f'<meta name="viewport" content="width=device-width"><body>{text}'
        f'{await handed_out(website)}{text * 4}'
    ))  # fmt: skip

    async def late(route: Route) -> None:
        await asyncio.sleep(seconds)
        await route.continue_()

    async with browsing(viewport={"width": width, "height": 800}) as page:
        await page.add_init_script(SHIFTS)
        await page.route("**/v1/**", late)
        await page.route("**/more.js*", late)
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await expect(panel(page)).to_be_visible()
        await page.wait_for_timeout(600)
        await page.get_by_role("button", name="Out of date").click()
        await expect(panel(page).get_by_role("status")).to_have_text("Saved.")
        await page.get_by_label("Your message").fill("Words")
        await page.get_by_role("button", name="Send").click()
        await website.grew(("n", ["outdated"], "Words", None))
        await expect(page.get_by_role("status")).to_have_text("Thank you.")
        await page.get_by_role("button", name="No").click()
        await expect(page.get_by_role("status")).to_have_text("Taken back.")
        await page.wait_for_timeout(200)
        assert await page.evaluate("shifts") <= 0.02


async def handed_out(website: Website) -> str:
    """The snippet that the panel hands out."""
    tenant = TenantPool(website.pool, website.project.account_id)
    id = UUID(website.widgets["yesno"])
    [widget] = await widget_settings(tenant, website.project.id, id)
    snippet = Snippet(widget, website.server.url, website.url)
    pages = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    names = ("script", "element")
    return "".join(pages.get_template(f"integrate/snippets/{name}.txt").render(snippet=snippet) for name in names)


async def test_a_page_that_pins_the_script_pins_what_it_loads(website: Website) -> None:
    await write(website)
    async with browsing() as page:

        async def other(route: Route) -> None:
            body = await (await route.fetch()).text()
            await route.fulfill(body=body + "// changed", content_type="text/javascript",
                                headers={"access-control-allow-origin": "*"})  # fmt: skip

        await page.route("**/more.js*", other)
        await page.goto(website.url)
        await page.get_by_role("button", name="No").click()
        await expect(page.get_by_text("Thank you.")).to_be_visible()
        await asyncio.sleep(0.5)
        await expect(page.get_by_role("form")).to_have_count(0)
