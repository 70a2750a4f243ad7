"""An administrator installs the plugin, an author without unfiltered_html places widgets, and visitors respond."""

from playwright.async_api import Page, expect

from tests.programs.site_tools.wordpress import PASSWORD, WordPress
from tests.support.sdk_pages import browsing

# What an author places, by the post's name: its content, and the number of elements on its page.
POSTS = {
    "shortcode": ('<!-- wp:shortcode -->[feelback label="Is &quot;this&quot; helpful?"]<!-- /wp:shortcode -->', 1),
    "automatic": ("<!-- wp:paragraph --><p>Words.</p><!-- /wp:paragraph -->", 1),
    "hostile": (
        '[feelback label="&quot;><script>alert(1)</script>" page="&quot; onclick=&quot;alert(1)"]'
        '<!-- wp:feelback/widget {"label":"\\u003cimg src=x onerror=alert(1)\\u003e","widget":"x\\u0022y"} /-->'
        "<script>alert(1)</script><feelback-yesno onclick='alert(1)'></feelback-yesno>",
        1,
    ),
}
HOSTILE_KEY = '" onclick="alert(1)'  # is but a text
WITHOUT_SCRIPT = ("block", "shortcode", "automatic")
CREATE_POST = """async ([title, content]) => {
    const [{ value: nonce }] = [{ value: await (await fetch("/wp-admin/admin-ajax.php?action=rest-nonce")).text() }];
    const headers = { "content-type": "application/json", "x-wp-nonce": nonce };
    const body = JSON.stringify({ title, slug: title, content, status: "publish" });
    const reply = await fetch("/wp-json/wp/v2/posts", { method: "POST", headers, body });
    return [reply.status, (await reply.json()).link];
}"""
# The editor's own steps: insert the block, title the post, publish it.
INSERT_BLOCK = """async () => {
    const { createBlock } = wp.blocks;
    wp.data.dispatch("core/block-editor").insertBlocks(createBlock("feelback/widget", { label: "Was this any good?" }));
    wp.data.dispatch("core/editor").editPost({ title: "Block", slug: "block", status: "publish" });
    await wp.data.dispatch("core/editor").savePost();
    return wp.data.select("core/editor").getPermalink();
}"""
# The editor is in a frame in some versions.
SHOWN_IN_EDITOR = """() =>
    [document, ...[...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument)].some((each) =>
         each?.querySelector("feelback-yesno")?.textContent.includes("Was this any good?"))"""


async def sign_in(page: Page, site: WordPress, name: str) -> None:
    await page.goto(f"{site.url}/wp-login.php")
    await page.locator("#user_login").fill(name)
    await page.locator("#user_pass").fill(PASSWORD)
    await page.locator("#wp-submit").click()
    await page.wait_for_url("**/wp-admin/**")


async def install(site: WordPress, name: str, archive: bytes, server: str, widget: str) -> None:
    """Upload and activate the plugin, and fill in its settings, as an administrator."""
    async with browsing() as page:
        await sign_in(page, site, "admin")
        await page.goto(f"{site.url}/wp-admin/plugin-install.php?tab=upload")
        await page.locator("#pluginzip").set_input_files(
            {"name": name, "mimeType": "application/zip", "buffer": archive}
        )
        await page.locator("#install-plugin-submit").click()
        await page.get_by_role("link", name="Activate Plugin").click()
        await page.wait_for_url("**/plugins.php?**")
        await page.goto(f"{site.url}/wp-admin/options-general.php?page=feelback")
        await page.get_by_label("Server").fill("your host")
        await page.get_by_label("Widget", exact=True).fill("12")
        await page.locator("#submit").click()
        await expect(page.get_by_text("The server must be an address")).to_be_visible()
        await expect(page.get_by_text("The widget must be the ID")).to_be_visible()
        await page.get_by_label("Server").fill(f"{server}/panel")
        await page.get_by_label("Widget", exact=True).fill(widget)
        await page.get_by_label("Show it").select_option("after")
        await page.locator("#submit").click()
        await expect(page.get_by_label("Server")).to_have_value(server)


async def write_posts(site: WordPress) -> dict[str, str]:
    """Publish the posts as an author; their addresses by name."""
    links: dict[str, str] = {}
    async with browsing() as page:
        await sign_in(page, site, "author")
        for name, (content, _) in POSTS.items():
            status, links[name] = await page.evaluate(CREATE_POST, [name, content])
            assert status == 201, status
        await page.goto(f"{site.url}/wp-admin/post-new.php")
        await page.wait_for_function("globalThis.wp?.blocks?.getBlockType('feelback/widget')")
        await page.wait_for_function("wp.data.select('core/editor').getCurrentPostId()")
        links["block"] = await page.evaluate(INSERT_BLOCK)
        await page.wait_for_function(SHOWN_IN_EDITOR)
    return links


async def visit(site: WordPress, links: dict[str, str]) -> list[str]:
    """Respond on each page, with JavaScript and without; what is wrong with the pages."""
    problems: list[str] = []
    async with browsing() as page:
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(f"A script of an author runs: {dialog.message}"))
        for name, link in links.items():
            await page.goto(f"{link}?utm_source=mail")
            elements = page.locator("feelback-yesno")
            wanted = POSTS[name][1] if name in POSTS else 1
            if await elements.count() != wanted:
                problems.append(f"{name}: {await elements.count()} elements instead of {wanted}")
            await expect(elements.first.locator("[part=choices]")).to_be_visible()  # until then the form is shown
            await elements.first.get_by_role("button", name="Yes").click()
            await expect(elements.first.get_by_role("status")).to_have_text("Thank you.")
            if name == "shortcode":
                await expect(elements).to_contain_text('Is "this" helpful?')
    async with browsing(java_script_enabled=False, user_agent="Mozilla/5.0 (a browser without JavaScript)") as page:
        for name in WITHOUT_SCRIPT:
            await page.goto(f"{links[name]}?utm_source=mail")
            await page.locator("feelback-yesno").get_by_role("button", name="No").click()
            await page.wait_for_url(links[name])
    return problems
