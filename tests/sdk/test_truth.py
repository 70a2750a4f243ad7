"""What elements say when something is wrong: to visitors, and to authors in the console and in a box on localhost."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.support.needs import needs_chromium
from tests.support.sdk_pages import NEWEST, browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_chromium
CORS = {"access-control-allow-origin": "*"}
REFUSED = "This could not be accepted."
NOBODY = "00000000-0000-7000-8000-000000000000"


def console(page: Page) -> list[str]:
    """The warnings that our elements write from now on."""
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text) if message.text.startswith("Feelback") else None)
    return warnings


async def until(is_true: Callable[[], bool]) -> None:
    """Wait until it is true, for ten seconds at most."""
    for _ in range(200):
        if is_true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("It did not become true.")


async def disallow(website: Website) -> None:
    """Take the website's origin from its project before the server has read it."""
    await website.pool.execute(
        "update project set origins = '{https://other.example}' where id = $1", website.project.id
    )


@pytest.mark.parametrize("script", ["core", "feelback"])
async def test_a_site_that_is_not_listed_is_refused_once(website: Website, script: str) -> None:
    yesno = await website.add_widget("yesno")
    await disallow(website)
    website.write('<feelback-yesno widget="{yesno}" count></feelback-yesno>', script=script)
    async with browsing() as page:
        watch, warnings = Watch(page, website.server), console(page)
        await page.goto(website.url)
        problems = page.locator("feelback-problems li")
        await expect(problems).to_have_count(1)  # of the counts, which it may not read either
        await page.get_by_role("button", name="Yes").click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text(REFUSED)
        await expect(page.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "false")
        await expect(problems).to_have_text(
            [f"This project takes no responses from {website.pages.origin}. Add the site in its settings. Show how"]
        )
        link = f"{website.server.url}/docs/errors#fb403-forbidden"
        await expect(problems.get_by_role("link")).to_have_attribute("href", link)
        await until(lambda: len(warnings) == 1)
        assert yesno in warnings[0]
        assert link in warnings[0]
        assert "queue" not in json.loads(await page.evaluate("localStorage.feelback ?? '{}'")) or (
            json.loads(await page.evaluate("localStorage.feelback"))["queue"] == []
        )
        await page.reload()
        await expect(problems).to_have_count(1)
        await expect(page.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "false")
        assert [path for method, path in watch.requests if method == "POST"] == ["/v1/beacons"]


async def test_only_the_author_s_machine_shows_the_box(website: Website) -> None:
    website.write(f'<feelback-yesno widget="{NOBODY}" count></feelback-yesno>')
    html = website.pages.files["/page"][1].decode()

    async def serve(route: Route) -> None:
        """Answer without the network: a public page may not use that of this machine."""
        url = route.request.url
        if url == "https://site.example/page":
            await route.fulfill(body=html, content_type="text/html")
        elif "/sdk/" in url:
            script = (NEWEST / url.rpartition("/")[2]).read_text()
            await route.fulfill(body=script, content_type="text/javascript", headers=CORS)
        else:
            error = {"error": "not_found", "message": "There is no such widget."}
            await route.fulfill(status=404, json=error, headers=CORS)

    async with browsing() as page:
        await page.route("**/*", serve)
        warnings = console(page)
        await page.goto("https://site.example/page")
        await until(lambda: len(warnings) == 1)
        assert "There is no such widget" in warnings[0]
        assert "/docs/errors#fb404-not_found" in warnings[0]
        await expect(page.locator("feelback-problems")).to_have_count(0)


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        (f'<feelback-yesno widget="{NOBODY}" count></feelback-yesno>', "widget"),
        ('<feelback-yesno widget="THE WIDGET\'S ID" count></feelback-yesno>', "widget"),
        ('<feelback-reaction widget="THE WIDGET\'S ID"></feelback-reaction>', "widget"),
        ("<feelback-yesno count></feelback-yesno>", "has no widget"),
        ("<feelback-reaction></feelback-reaction>", "has no widget"),
        ('<feelback-form widget="{form}"></feelback-form>', "has no fields"),
        ('<feelback-form widget="{form}" fields="[]"></feelback-form>', "has no fields"),
        ('<feelback-yesno widget="{yesno}" texts="{secret"></feelback-yesno>', "texts is not valid JSON"),
        ('<feelback-message widget="{message}" context="{a"></feelback-message>', "context is not valid JSON"),
    ],
)
async def test_it_says_what_an_author_did_wrong(website: Website, element: str, fault: str) -> None:
    for type in ("yesno", "message"):
        await website.add_widget(type)
    await website.add_widget("form", is_open_form=True)
    website.write(element)
    async with browsing() as page:
        watch, warnings = Watch(page, website.server), console(page)
        await page.goto(website.url)
        if "context" in fault:
            await page.get_by_label("Your message").fill("Hello")
            await page.get_by_role("button", name="Send").click()
            await expect(page.locator("feelback-message [part=status]")).to_have_text("Thank you.")
        if "texts" in fault:
            await page.get_by_role("button", name="Yes").click()
            await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Thank you.")
        await expect(page.locator("feelback-problems li")).to_have_count(1)
        await expect(page.locator("feelback-problems li")).to_contain_text(fault)
        await until(lambda: len(warnings) == 1)
        assert not [path for _, path in watch.requests if "null" in path]


async def test_broken_texts_wedge_nothing(website: Website) -> None:
    await website.add_widget("yesno")
    website.write(
        '<feelback-yesno widget="{yesno}" texts="{broken"></feelback-yesno>'
        '<feelback-yesno widget="{yesno}" options="" preset="widget" id="late"></feelback-yesno>'
    )
    async with browsing() as page:
        await page.route("**/v1/widgets/*", lambda route: route.abort())
        failing = True

        async def answer(route: Route) -> None:
            await (route.fulfill(status=403, json={"message": "No."}, headers=CORS) if failing else route.continue_())

        await page.route("**/v1/beacons", answer)
        await page.goto(website.url)
        await page.get_by_role("button", name="Yes").first.click()
        await expect(page.locator("feelback-yesno [part=status]").first).to_have_text(REFUSED)
        failing = False
        await page.get_by_role("button", name="Yes").first.click()
        await expect(page.locator("feelback-yesno [part=status]").first).to_have_text("Thank you.")
        await website.holds(("yesno", "y", None, None))


async def test_a_description_that_failed_is_read_again(website: Website) -> None:
    await website.add_widget("reaction")
    website.write('<feelback-reaction widget="{reaction}"></feelback-reaction>')
    async with browsing() as page:
        answers = [500, 503]

        async def answer(route: Route) -> None:
            if answers:
                await route.fulfill(status=answers.pop(), json={"message": "Busy"}, headers=CORS)
            else:
                await route.continue_()

        await page.route("**/v1/widgets/*", answer)
        await page.goto(website.url)
        await expect(page.get_by_role("button", name="Happy")).to_be_visible()
        assert answers == []


async def test_a_refused_description_is_not_read_again(website: Website) -> None:
    website.write(f'<feelback-reaction widget="{NOBODY}"></feelback-reaction>')
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await expect(page.locator("feelback-problems li")).to_have_count(1)
        await page.wait_for_timeout(2500)
        assert len([path for _, path in watch.requests if "/widgets/" in path]) == 1


@pytest.mark.parametrize("count", ["", "count"])
async def test_one_page_is_one_in_the_browser_s_memory(website: Website, count: str) -> None:
    await website.add_widget("yesno")
    website.write(f'<feelback-yesno widget="{{yesno}}" {count}></feelback-yesno>', script="core")
    async with browsing() as page:
        yes = page.get_by_role("button", name="Yes")
        status = page.locator("feelback-yesno [part=status]")
        await page.goto(website.url + "?utm_source=news")
        await yes.click()
        await expect(status).to_have_text("Thank you.")
        for address in ("", "?utm_source=news", *(["?utm_source=other"] if count else [])):
            await page.goto(website.url + address)
            await expect(yes).to_have_attribute("aria-pressed", "true")
        # It is taken back at another address of the page than it was given at.
        await page.goto(website.url)
        await yes.click()
        await expect(status).to_have_text("Taken back.")
        await website.holds()
        await page.goto(website.url + "?utm_source=news")
        await expect(yes).to_have_attribute("aria-pressed", "false")


async def test_a_vote_moves_with_its_page(website: Website) -> None:
    """The page was merged into another, or the browser's memory is of an SDK that knew no page keys."""
    await website.add_widget("yesno")
    website.write('<feelback-yesno widget="{yesno}" count></feelback-yesno>', script="core")
    async with browsing() as page:
        yes = page.get_by_role("button", name="Yes")
        await page.goto(website.url)
        await yes.click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Thank you.")
        await page.evaluate(
            """() => {
                const { sent } = JSON.parse(localStorage.feelback), [[name, vote]] = Object.entries(sent);
                localStorage.feelback = JSON.stringify({ sent: { [name + "?utm_source=news"]: vote } });
            }"""
        )
        await page.goto(website.url + "?utm_source=news")
        await expect(yes).to_have_text("👍Yes1")
        await expect(yes).to_have_attribute("aria-pressed", "true")
        await yes.click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Taken back.")
        await website.holds()
        assert json.loads(await page.evaluate("localStorage.feelback"))["sent"] == {}


async def test_addresses_of_one_page_agree(website: Website) -> None:
    await website.add_widget("yesno")
    website.write(
        f'<feelback-yesno widget="{{yesno}}" count page="{website.url}"></feelback-yesno>'
        f'<feelback-yesno widget="{{yesno}}" count page="{website.url}?utm_source=news"></feelback-yesno>',
        script="core",
    )
    async with browsing() as page:
        yes = page.get_by_role("button", name="Yes")
        await page.goto(website.url)
        await expect(yes).to_have_text(["👍Yes0", "👍Yes0"])
        for n, (pressed, count) in enumerate((("true", 1), ("false", 0))):
            await yes.nth(n).click()
            for each in (yes.first, yes.last):
                await expect(each).to_have_attribute("aria-pressed", pressed)
                await expect(each).to_have_text(f"👍Yes{count}")
        await website.holds()


async def test_routes_of_one_page_show_one_vote(website: Website) -> None:
    await website.add_widget("yesno")
    website.write('<feelback-yesno widget="{yesno}" count></feelback-yesno>', script="core")
    async with browsing() as page:
        yes, no = page.get_by_role("button", name="Yes"), page.get_by_role("button", name="No")
        await page.goto(website.url + "#/one")
        await yes.click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Thank you.")
        await page.evaluate("location.hash = '#/two'")
        await expect(yes).to_have_attribute("aria-pressed", "true")
        async with page.expect_event("requestfinished", lambda request: request.method == "PATCH"):
            await no.click()
            await expect(no).to_have_text("👎No1")
        await page.evaluate("location.hash = '#/one'")
        await expect(no).to_have_attribute("aria-pressed", "true")
        await expect(yes).to_have_text("👍Yes0")
        await website.holds(("yesno", "n", None, None))
        await page.reload()
        await expect(no).to_have_attribute("aria-pressed", "true")


async def test_a_scale_has_names_and_one_row(website: Website) -> None:
    await website.add_widget("nps")
    website.write('<feelback-nps widget="{nps}" count label="Would you recommend us?"></feelback-nps>')
    async with browsing(viewport={"width": 320, "height": 640}) as page:
        await page.goto(website.url)
        names = ["0: Not at all likely", *map(str, range(1, 10)), "10: Extremely likely"]
        for name in names:
            await expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
        boxes: list[Any] = [await button.bounding_box() for button in await page.get_by_role("button").all()]
        assert len({box["y"] for box in boxes}) == 1
        assert min(box["width"] for box in boxes) >= 24
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await expect(page.locator("[part=low]")).to_have_text("Not at all likely")
        await expect(page.locator("[part=average]")).to_have_text("(0)")
        await page.get_by_role("button", name="10: Extremely likely").click()
        # Visitors see how many have answered: an average is no NPS.
        await expect(page.locator("[part=average]")).to_have_text("(1)")


async def test_a_picker_opens_at_its_button(website: Website) -> None:
    await website.add_widget("reaction")
    website.write(
        '<p>Above</p><feelback-reaction widget="{reaction}" layout="picker" preset="github" '
        'label="A long question in front of it"></feelback-reaction>'
    )
    async with browsing() as page:
        await page.goto(website.url)
        toggle = page.get_by_role("button", name="React")
        await toggle.click()
        button, panel = await toggle.bounding_box(), await page.locator(".panel").bounding_box()
        label = await page.locator("[part=question]").bounding_box()
        assert button
        assert panel
        assert label
        assert abs(panel["x"] - button["x"]) < 2
        assert abs(panel["y"] + panel["height"] - button["y"]) < 8
        assert panel["y"] >= 0


async def test_pressed_is_an_attribute_for_every_browser(website: Website) -> None:
    """Firefox before 119 does not reflect ariaPressed."""
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}"></feelback-pulse>', script="core")
    async with browsing() as page:
        await page.add_init_script("for (const name of ['ariaPressed', 'ariaExpanded']) delete Element.prototype[name]")
        await page.goto(website.url)
        button = page.get_by_role("button", name="Like")
        await expect(button).to_have_attribute("aria-pressed", "false")
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "true")
