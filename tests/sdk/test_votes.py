"""Buttons on a page of another origin, under a strict CSP."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.support.needs import needs_chromium
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_chromium


@pytest.mark.parametrize("script", ["core", "feelback"])
async def test_it_sends_a_like_and_takes_it_back(website: Website, script: str) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}" count></feelback-pulse>', script=script)
    async with browsing() as page:
        watch = Watch(page, website.server)
        await watch.listen()
        await page.goto(website.url)
        button = page.get_by_role("button", name="Like")
        await expect(button).to_have_text("👍Like0")
        await expect(button).to_have_attribute("aria-pressed", "false")
        assert (
            await page.evaluate("Object.keys(localStorage)") == []
        )  # nothing is stored for visitors who do not respond
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "true")
        await expect(button).to_have_text("👍Like1")
        await expect(page.get_by_role("status")).to_have_text("Thank you.")
        await website.holds(("pulse", "+", None, None))
        await page.reload()
        await expect(button).to_have_attribute("aria-pressed", "true")
        await expect(button).to_have_text("👍Like1")
        await button.press("Enter")
        await expect(button).to_have_text("👍Like0")
        await expect(page.get_by_role("status")).to_have_text("Taken back.")
        await website.holds()
        assert await watch.events() == [["counts", None], ["sending", None], ["removed", None]]
        assert watch.errors == []
        # A like needs no preflight, nor do the counts.
        assert [method for method, path in watch.requests if "beacons" in path or "stats" in path] == [
            "GET",
            "POST",
            "GET",
        ]
        assert not await page.evaluate("localStorage.feelback.includes('visitor')")


async def test_it_moves_a_vote(website: Website) -> None:
    await website.add_widget("yesno")
    website.write('<feelback-yesno widget="{yesno}" count label="Was this helpful?"></feelback-yesno>', script="core")
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        yes, no = page.get_by_role("button", name="Yes"), page.get_by_role("button", name="No")
        await expect(page.get_by_role("group", name="Was this helpful?")).to_be_visible()
        await yes.click()
        await expect(yes).to_have_text("👍Yes1")
        await no.click()
        await expect(no).to_have_text("👎No1")
        await expect(yes).to_have_text("👍Yes0")
        # However often a visitor changes their mind, they have one vote.
        for button in (yes, no, yes, no, yes):
            await button.click()
        await expect(page.get_by_role("status")).to_have_text("Thank you.")
        await asyncio.sleep(0.5)
        await expect(yes).to_have_attribute("aria-pressed", "true")
        await website.holds(("yesno", "y", None, None))
        # Without the browser's storage the server still recognises the visitor.
        await page.evaluate("localStorage.clear()")
        await page.reload()
        await no.click()
        await expect(no).to_have_text("👎No1")
        await expect(yes).to_have_text("👍Yes0")
        await website.holds(("yesno", "n", None, None))
        assert watch.errors == []


async def test_it_shows_a_vote_at_once_and_withdraws_it_if_it_is_refused(website: Website) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}" count></feelback-pulse>')
    async with browsing() as page:
        watch = Watch(page, website.server)
        await watch.listen()
        await page.goto(website.url)
        button = page.get_by_role("button", name="Like")
        await expect(button).to_have_text("👍Like0")
        release = asyncio.Event()

        async def refuse(route: object) -> None:
            await release.wait()
            await route.fulfill(
                status=403, json={"error": "forbidden", "message": "No."}, headers={"access-control-allow-origin": "*"}
            )  # type: ignore[attr-defined]

        await page.route("**/v1/beacons", refuse)
        await button.click()
        await expect(button).to_have_text("👍Like1")  # before the server replies
        await expect(button).to_have_attribute("aria-pressed", "true")
        release.set()
        await expect(button).to_have_text("👍Like0")
        await expect(button).to_have_attribute("aria-pressed", "false")
        await expect(page.get_by_role("status")).to_have_text("This could not be accepted.")
        assert (await watch.events())[-1][0] == "failed"


async def test_it_queues_a_vote_while_offline(website: Website) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}" count></feelback-pulse>', script="core")
    async with browsing() as page:
        watch = Watch(page, website.server)
        await watch.listen()
        await page.goto(website.url)
        button = page.get_by_role("button", name="Like")
        await expect(button).to_have_text("👍Like0")
        await page.context.set_offline(True)
        await button.click()
        await expect(page.get_by_role("status")).to_contain_text("It will be sent")
        await expect(button).to_have_text("👍Like1")
        await website.holds()
        await page.context.set_offline(False)
        await expect(page.get_by_role("status")).to_have_text("Thank you.")
        await expect(button).to_have_text("👍Like1")
        await website.holds(("pulse", "+", None, None))
        assert [name for name, _ in await watch.events() if name in ("queued", "sent")] == ["queued", "sent"]
        # It can be taken back like any other.
        await button.click()
        await expect(button).to_have_text("👍Like0")
        await website.holds()


async def test_its_queue_outlives_the_page(website: Website) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}" count></feelback-pulse>', script="core")
    async with browsing() as page:
        await page.goto(website.url)
        button = page.get_by_role("button", name="Like")
        await expect(button).to_have_text("👍Like0")
        # The server is busy; then the visitor leaves and returns.
        await page.route(
            "**/v1/beacons",
            lambda route: route.fulfill(
                status=503,
                json={"error": "x", "message": "x"},
                headers={"access-control-allow-origin": "*", "retry-after": "60"},
            ),
        )
        await button.click()
        await expect(page.get_by_role("status")).to_contain_text("It will be sent")
        await page.unroute("**/v1/beacons")
        await page.route(
            "**/v1/beacons", lambda route: route.abort() if route.request.resource_type == "ping" else route.continue_()
        )
        await page.reload()
        await expect(button).to_have_attribute("aria-pressed", "true")
        await expect(page.get_by_role("status")).to_have_text("Thank you.", timeout=5000)
        await website.holds(("pulse", "+", None, None))


async def test_it_sends_what_the_browser_does_not_keep_when_the_visitor_leaves(website: Website) -> None:
    await website.add_widget("message")
    website.write('<feelback-message widget="{message}"></feelback-message>', tag='data-store="none"')
    website.pages.add("/other", "<!doctype html><title>Other</title>")
    async with browsing(is_whole=True) as page:
        await page.goto(website.url)
        # The request fails, but the connection is back when the visitor leaves.
        await page.evaluate("window.real = fetch; fetch = () => Promise.reject(new TypeError('away')); 0")
        await page.get_by_label("Your message").fill("On leaving")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("status")).to_contain_text("It will be sent")
        await page.goto(website.pages.origin + "/other")
        await website.holds(("message", "message", "On leaving", '{"$language": "en"}'))
        # It is not sent again.
        await page.goto(website.url)
        await asyncio.sleep(3)
        assert len(await website.rows()) == 1


async def test_what_the_browser_does_not_keep_outlives_leaving_without_a_network(website: Website) -> None:
    await website.add_widget("message")
    website.write('<feelback-message widget="{message}"></feelback-message>', tag='data-store="none"')
    async with browsing(is_whole=True) as page:
        await page.goto(website.url)
        await page.context.set_offline(True)
        await page.get_by_label("Your message").fill("On leaving")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("status")).to_contain_text("It will be sent")
        await page.evaluate("dispatchEvent(new Event('pagehide')); 0")  # and the page comes back as it was
        await page.context.set_offline(False)
        await website.holds(("message", "message", "On leaving", '{"$language": "en"}'))


async def test_it_stores_a_token_only_if_the_page_allows_it(website: Website) -> None:
    await website.add_widget("pulse")
    body = '<feelback-pulse widget="{pulse}"></feelback-pulse>'
    async with browsing() as page:
        bodies: list[dict[str, object]] = []
        page.on("request", lambda request: bodies.append(request.post_data_json) if "beacons" in request.url else None)
        for tag in ("", 'data-visitor="token"', 'data-visitor="token" data-store="none"', 'data-store="session"'):
            website.write(body, tag=tag, script="core")
            await page.goto(website.url)
            await page.get_by_role("button", name="Like").click()
            await expect(page.get_by_role("status")).to_have_text("Thank you.")
            stored = await page.evaluate(
                "[localStorage, sessionStorage].map(({ feelback }) => Object.keys(JSON.parse(feelback ?? '{}')))"
            )
            token = bodies[-1].get("visitor")
            if tag == "":
                assert stored == [["sent", "ids", "queue"], []]
            elif tag == 'data-visitor="token"':
                assert "visitor" in stored[0]
                assert len(str(token)) > 20
            elif tag.endswith('"none"'):
                assert stored == [[], []]
            else:
                assert stored == [[], ["sent", "ids", "queue"]]
            assert (token is not None) == ("token" in tag)
            await page.evaluate("localStorage.clear(); sessionStorage.clear()")


async def test_it_follows_a_page_that_changes_its_address(website: Website) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}" count></feelback-pulse>', script="core")
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        button = page.get_by_role("button", name="Like")
        await button.click()
        await expect(button).to_have_text("👍Like1")
        await page.evaluate("history.pushState({}, '', '/other')")
        await expect(button).to_have_text("👍Like0")
        await expect(button).to_have_attribute("aria-pressed", "false")
        await button.click()
        await expect(button).to_have_text("👍Like1")
        before = len(watch.requests)
        await page.evaluate("location.hash = 'part'")  # the same page
        await page.evaluate("history.back(); history.back()")
        await expect(button).to_have_attribute("aria-pressed", "true")
        assert len(watch.requests) == before
        keys = await website.pool.fetch("select key from placement order by key")
        assert [row["key"] for row in keys] == [f"{website.pages.origin}/other", website.url]


async def test_it_sends_the_page_s_title_with_the_page_s_own_address(website: Website) -> None:
    await website.add_widget("pulse")
    await website.add_widget("message")
    website.write(
        '<feelback-pulse widget="{pulse}"></feelback-pulse>'
        '<feelback-pulse widget="{pulse}" page="$path"></feelback-pulse>'
        '<feelback-pulse widget="{pulse}" page="own"></feelback-pulse>'
        '<feelback-message widget="{message}"></feelback-message>'
    )
    async with browsing() as page:
        bodies: list[dict[str, object]] = []
        page.on("request", lambda request: bodies.append(request.post_data_json) if "beacons" in request.url else None)
        await page.goto(website.url + "?a=1")
        likes = page.get_by_role("button", name="Like")
        for n in range(3):
            await likes.nth(n).click()
            await expect(page.get_by_role("status").nth(n)).to_have_text("Thank you.")
        assert [(body["page"], body.get("title")) for body in bodies] == [
            (website.url + "?a=1", "A page"),
            (website.url, "A page"),
            ("own", None),
        ]
        # It is cut to 300 characters, not in the middle of one.
        await page.evaluate("document.title = '😀'.repeat(299) + ' and more'")
        await page.get_by_label("Your message").fill("Hello")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("status").last).to_have_text("Thank you.")
        assert bodies[-1]["title"] == "😀" * 299
        await page.evaluate("document.title = ''")
        await page.get_by_role("button", name="Write another").click()
        await page.get_by_label("Your message").fill("Hello again")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("status").last).to_have_text("Thank you.")
        assert "title" not in bodies[-1]


async def test_it_discards_what_an_old_version_queued(website: Website) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}"></feelback-pulse>')
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.add_init_script(
            "localStorage.feelback ??= JSON.stringify({ sent: {}, queue: [{ no: 1, at: Date.now(), isVote: true,"
            " signal: { set: 'a', key: 'b', value: '+' } }] })"
        )
        await page.goto(website.url)
        await page.get_by_role("button", name="Like").click()
        await expect(page.get_by_role("status")).to_have_text("Thank you.")
        assert await page.evaluate("JSON.parse(localStorage.feelback).queue") == []
        assert watch.errors == []


async def test_a_page_can_stop_a_response(website: Website) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}"></feelback-pulse>', script="core")
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        await page.evaluate("addEventListener('feelback-sending', (event) => event.preventDefault())")
        await page.get_by_role("button", name="Like").click()
        await asyncio.sleep(0.3)
        assert watch.requests == []


async def test_a_page_can_replace_its_words(website: Website) -> None:
    await website.add_widget("yesno")
    website.write(
        '<feelback-yesno widget="{yesno}" options="y|Ja|✔; n|Nein|✘" look="labels" '
        'texts=\'{"sent":"Danke!"}\'></feelback-yesno>',
        script="core",
    )
    async with browsing() as page:
        await page.goto(website.url)
        await expect(page.get_by_role("button")).to_have_text(["Ja", "Nein"])
        await page.get_by_role("button", name="Nein").click()
        await expect(page.get_by_role("status")).to_have_text("Danke!")
        await page.evaluate(
            "document.querySelector('feelback-yesno').options ="
            " [{ value: 'y', label: 'Oui' }, { value: 'n', label: 'Non' }]"
        )
        await expect(page.get_by_role("button", name="Non")).to_have_attribute("aria-pressed", "true")


async def test_two_elements_of_one_placement_agree(website: Website) -> None:
    await website.add_widget("pulse")
    website.write('<feelback-pulse widget="{pulse}" count></feelback-pulse>' * 2, script="core")
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        first, second = page.get_by_role("button").first, page.get_by_role("button").nth(1)
        await expect(second).to_have_text("👍Like0")
        await first.click()
        await expect(second).to_have_text("👍Like1")
        await expect(second).to_have_attribute("aria-pressed", "true")
        assert next(path for _, path in watch.requests if "stats" in path).count("page=") == 1
