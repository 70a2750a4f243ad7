"""The playground in Chromium: what a person makes there works on a website, and nothing of it is stored."""

import asyncio
import contextlib
import functools
import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import asyncpg
import pytest
from playwright.async_api import Error, Page, Route, expect

from app.panel.widgets import gallery
from app.site import demo_project
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, VIOLATIONS
from tests.support.sdk_pages import CHROMIUM, Pages, browsing
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import SECRET

Pool = asyncpg.Pool
pytestmark = pytest.mark.skipif(CHROMIUM is None or not AXE.exists(), reason="chromium is missing: run tests/install")
KINDS = [f"{idea.type}/{idea.preset}" for goal in gallery.GOALS for idea in goal.ideas]
# One of each type, that of the demo's widget; the form is the last.
KIND_OF_TYPE = {kind.split("/")[0]: kind for kind in reversed(KINDS)} | {"reaction": "reaction/github"}
KIND_OF_TYPE["form"] = KIND_OF_TYPE.pop("form")


@pytest.fixture
async def site(database: str) -> AsyncIterator[Server]:
    with serving_in_thread({"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}) as site:
        yield site


@pytest.fixture(scope="module")
def still_site(module_database: str) -> Iterator[Server]:
    """One server for the tests that store nothing."""
    environ = {"DATABASE_URL": module_database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}
    with serving_in_thread(environ) as site:
        yield site


async def watch(page: Page) -> tuple[list[str], list[str]]:
    """Faults in the console, and the requests to the API that leave the page."""
    faults: list[str] = []
    calls: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: calls.append(request.url) if re.search("/v[01]/", request.url) else None)
    await page.add_init_script(VIOLATIONS)
    return faults, calls


async def test_a_person_makes_a_widget(site: Server, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]") -> None:
    before = await pool.fetchval("select count(*) from response")
    async with browsing() as page:
        faults, calls = await watch(page)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.goto(f"{site.url}/playground")
        preview, panel = page.locator("#play-preview"), page.locator("#play-code")
        yes = preview.get_by_role("button", name="Yes")
        await expect(yes).to_have_text(re.compile("96"))
        await yes.click()
        await expect(yes).to_have_attribute("aria-pressed", "true")
        await expect(yes).to_have_text(re.compile("97"))
        await expect(preview.get_by_text("Thank you.")).to_be_visible()
        await yes.click()
        await expect(yes).to_have_text(re.compile("96"))
        await page.get_by_label("Question").fill("War das hilfreich?")
        await page.get_by_label("Language").select_option("de")
        await expect(panel).to_contain_text('lang="de"')
        await expect(preview.get_by_role("button", name="Ja")).to_be_visible()
        await page.get_by_role("combobox", name="Theme").select_option("terminal")
        await expect(preview.locator("feelback-yesno")).to_have_css("font-family", re.compile("monospace"))
        await page.get_by_role("radio", name="Vue").check()
        await expect(panel.get_by_role("heading")).to_have_text("Code for Vue")
        await expect(page).to_have_url(re.compile("way=vue"))
        await panel.get_by_role("button", name="Copy").first.click()
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert 'label="War das hilfreich?"' in copied
        address = page.url
        await page.goto("about:blank")
        await page.goto(address)  # as somebody to whom it was sent
        await expect(preview.get_by_role("button", name="Ja")).to_be_visible()
        assert await page.locator("#play-markup").text_content() == copied
        for kind in KIND_OF_TYPE.values():
            await page.get_by_label("What to ask").select_option(kind)
            await expect(
                preview.locator(f"feelback-{kind.split('/')[0].replace('tagged', 'tagged-message')}")
            ).to_be_visible()
        await (
            preview.get_by_role("button", name="Abschicken")
            .or_(preview.get_by_role("button", name="Senden"))
            .wait_for()
        )
        assert (faults, calls) == ([], [])
    assert await pool.fetchval("select count(*) from response") == before


async def test_the_question_can_be_removed(still_site: Server) -> None:
    async with browsing() as page:
        await page.goto(f"{still_site.url}/playground")
        question, code = page.get_by_label("Question"), page.locator("#play-markup")
        await question.fill("")
        await expect(code).not_to_contain_text("label=")
        await expect(page).to_have_url(re.compile("[?&]label=(&|$)"))
        await page.reload()
        await expect(question).to_have_value("")
        await expect(code).not_to_contain_text("label=")
        await page.get_by_label("What to ask").select_option("rating/stars")
        await expect(code).to_contain_text("<feelback-rating")
        await expect(code).not_to_contain_text("label=")


async def held_replies(page: Page) -> asyncio.Queue[Route]:
    """The requests of the script, each of which waits until the test lets it go on."""
    queue: asyncio.Queue[Route] = asyncio.Queue()

    async def hold(route: Route) -> None:
        if route.request.resource_type == "fetch":
            queue.put_nowait(route)
        else:
            await route.continue_()

    await page.route("**/playground?*", hold)
    return queue


async def let_go(page: Page, route: Route) -> None:
    """Answer a request, unless the page has given it up, and let the page do what it does with the answer."""
    with contextlib.suppress(Error):
        await route.fulfill(response=await route.fetch())
    await page.evaluate("fetch('/healthz').then((reply) => reply.text())")


async def test_a_new_kind_s_fields_survive_other_changes(still_site: Server) -> None:
    async with browsing() as page:
        replies = await held_replies(page)
        await page.clock.install()
        await page.goto(f"{still_site.url}/playground")
        await page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
        kind, question, options = (page.get_by_label(name) for name in ("What to ask", "Question", "Options"))

        async def wait() -> Route:
            await page.clock.run_for(200)  # the script waits for a pause of 150 ms
            async with asyncio.timeout(20):
                return await replies.get()

        # Another field changes before the request is sent.
        await kind.select_option("reaction/product")
        await page.get_by_role("combobox", name="Theme").select_option("ink")
        await let_go(page, await wait())
        await expect(options).to_have_attribute("placeholder", re.compile("great"))
        await expect(question).to_have_value("How do you like this feature?")

        # Words are typed while the reply is under way, and its answer comes before they are sent.
        await kind.select_option("reaction/github")
        first = await wait()
        await question.press("End")
        await question.press_sequentially("  And it? ")
        await let_go(page, first)
        await expect(question).to_have_value("How do you like this feature?  And it? ")
        second = await wait()
        await options.fill("a|Ah ")
        await let_go(page, second)
        await let_go(page, await wait())
        await expect(options).to_have_attribute("placeholder", re.compile(r"\+1"))
        await expect(options).to_have_value("a|Ah ")
        await expect(options).to_be_focused()
        await expect(question).to_have_value("How do you like this feature?  And it? ")
        await expect(page.locator("#play-markup")).to_contain_text('label="How do you like this feature?  And it?"')

        # A reply that another one has overtaken comes last.
        await kind.select_option("message/message")
        first = await wait()
        await kind.select_option("rating/stars")
        second = await wait()
        await let_go(page, second)
        await expect(page.locator("#play-markup")).to_contain_text("<feelback-rating")
        await let_go(page, first)
        await expect(page.locator("#play-markup")).to_contain_text("<feelback-rating")
        await expect(page.locator("[name=email]")).to_have_count(0)
        await expect(page.locator("[name=look]")).to_be_visible()


async def test_it_says_why_nothing_changes(still_site: Server) -> None:
    async with browsing() as page:
        await page.goto(f"{still_site.url}/playground")
        error, code = page.locator("#play-error"), page.locator("#play-markup")
        corners, question = page.get_by_label("Corner radius (px)"), page.get_by_label("Question")
        await corners.fill("100")
        await expect(error).to_have_text("Corner radius (px): Enter a whole number from 0 to 40.")
        await expect(corners).to_have_attribute("aria-invalid", "true")
        await corners.fill("12")
        await expect(page.locator("#play-css")).to_contain_text("12px")
        await expect(error).to_have_text("")
        await expect(corners).not_to_have_attribute("aria-invalid", "true")
        await page.get_by_text("Pages and widget ID").click()
        await page.get_by_label("Widget ID").fill("12")
        await expect(error).to_have_text("Widget ID: Enter the ID that the widget’s page in the panel shows.")
        await page.get_by_label("Widget ID").fill("")
        await page.get_by_label("Options").fill("|Yes")
        await expect(error).to_have_text("This choice is not valid. Check the options.")
        await page.get_by_label("Options").fill("")
        await expect(error).to_have_text("")
        for status in (429, 500, 503):
            await page.route("**/playground?*", functools.partial(Route.fulfill, status=status))
            await question.fill(f"What is {status}?")
            await expect(error).to_have_text("The server could not answer. Try again.")
            await page.unroute_all()
            await question.press("Enter")
            await expect(code).to_contain_text(f"What is {status}?")
            await expect(error).to_have_text("")
        await page.route("**/playground?*", lambda route: route.abort())
        await question.fill("Is it there?")
        await expect(error).to_have_text("The server cannot be reached. Try again.")


async def test_it_works_without_a_script(still_site: Server) -> None:
    async with browsing(java_script_enabled=False) as page:
        await page.goto(f"{still_site.url}/playground")
        await page.get_by_label("What to ask").select_option("reaction/evaluation")
        await page.get_by_role("radio", name="React").check()
        await page.get_by_role("button", name="Show").click()
        await page.wait_for_url("**/playground?kind=reaction*")
        await expect(page.locator("#play-markup")).to_contain_text('<feelback-reaction widget="THE WIDGET\'S ID"')
        await expect(page.locator("#play-preview")).to_contain_text("Not so great")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_for_everybody(still_site: Server, scheme: str) -> None:
    async with browsing(color_scheme=scheme, viewport={"width": 360, "height": 740}) as page:
        faults, _ = await watch(page)
        for query in ("", "?kind=rating/csat&theme=sunset&way=form&language=ar", "?kind=form/form&way=wordpress"):
            await page.goto(f"{still_site.url}/playground{query}")
            await expect(page.locator("#theme-large").get_by_role("button", name="Yes")).to_have_text(re.compile("96"))
            await page.locator("details").evaluate_all("(all) => all.forEach((each) => (each.open = true))")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 360, query
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == [], query
        assert faults == []


async def test_its_html_counts_on_a_website(
    site: Server, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    with Pages() as website:
        await pool.execute("update project set origins = $1", [website.origin])
        async with browsing() as page:
            for type, id in loaded.widgets.items():
                if type == "form":
                    continue
                kind = KIND_OF_TYPE[type]
                await page.goto(f"{site.url}/playground?kind={quote(kind)}&widget={id}&page=key&key=/{type}")
                text = await page.locator("#play-markup").text_content()
                website.add("/page", f'<!doctype html><html lang="en"><title>A page</title><body>{text}')
                await page.goto(f"{website.origin}/page")
                element = page.locator(f"[widget='{id}']")
                if type in ("message", "tagged"):
                    if type == "tagged":
                        await element.get_by_role("radio").first.check()
                    await element.get_by_role("textbox").fill("More tea!")
                    await element.get_by_role("button", name="Send").click()
                else:
                    await element.get_by_role("button").last.click()
                await expect(element.get_by_role("status")).to_have_text("Thank you.")
                stored = await pool.fetchval(
                    "select count(*) from response as r"
                    " join placement as p on p.account_id = r.account_id and p.id = r.placement_id where p.key = $1",
                    f"/{type}",
                )
                assert stored == 1, json.dumps(text)
