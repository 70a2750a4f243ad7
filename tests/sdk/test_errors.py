"""Errors in the SDK's own code are reported to the server that it comes from; those of the page are not."""

import json

from tests.support.needs import needs_chromium
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Website

pytestmark = needs_chromium


async def test_it_reports_its_own_errors_only(website: Website) -> None:
    website.write("""<feelback-message widget="x"></feelback-message>""")
    async with browsing() as page:
        await page.add_init_script("CSSStyleSheet.prototype.replaceSync = () => { throw new SyntaxError('secret') }")
        async with page.expect_request(f"{website.server.url}/errors") as request_info:
            await page.goto(website.url)
        request = await request_info.value
        report = json.loads(request.post_data or "")
        assert (report["source"], report["name"]) == ("sdk", "SyntaxError")
        assert "/sdk/" in report["stack"]
        others: list[str] = []
        page.on("request", lambda request: others.append(request.url))
        await page.evaluate("setTimeout(() => { throw new Error('of the page') })")
        await page.wait_for_timeout(300)
        assert not [url for url in others if url.endswith("/errors")]
