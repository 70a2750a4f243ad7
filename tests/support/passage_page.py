"""A page with <feelback-passage>, and the passages that visitors sent from it."""

import asyncio
from typing import Any

from playwright.async_api import Page, expect

from tests.support.sdk_website import THEMES, Watch, Website

TAGS = [{"value": "unclear", "label": "Hard to understand"}, {"value": "outdated", "label": "Out of date"}]
ARTICLE = """<main><h1>Guide</h1><p>Before you begin, read this. It is short &amp; sweet.</p>
<h2 id="install">Install the <em>command line</em> tool</h2>
<p>Open a terminal.   Press Enter, then wait a moment. The page
  shows a <b>key</b>; keep it. Press Enter, then go on.</p>
<pre><code>npm install feelback
feelback start --port 8000
</code></pre>
<h2 lang="ja">設定</h2><p lang="ja">新しい鍵を押す。画面に値を入力する。最後に保存する。</p>
<h2 dir="rtl" lang="ar">الإعداد</h2><p dir="rtl" lang="ar">افتح الصفحة. اضغط على المفتاح ثم احفظ الملف. أعد التشغيل.</p>
<feelback-passage widget="{tagged}"></feelback-passage></main>"""
SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector("main"), 4), range = document.createRange();
  const nodes = [];
  for (let node; (node = walker.nextNode()); ) nodes.push(node);
  const text = nodes.map((node) => node.data).join(""), at = text.indexOf(words);
  if (at < 0) throw Error("There are no such words.");
  let seen = 0;
  for (const node of nodes) {
    const place = (index) => index >= seen && index <= seen + node.data.length;
    if (place(at)) range.setStart(node, at - seen);
    if (place(at + words.length)) { range.setEnd(node, at + words.length - seen); break; }
    seen += node.data.length;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


async def write(website: Website, body: str = ARTICLE, type: str = "tagged") -> None:
    """Write a page with the element."""
    await website.add_widget(type, **({"options": TAGS} if type == "tagged" else {}))
    website.pages.add("/page.css", THEMES + " h2 { font-size: 1.4em } pre { overflow: auto }", "text/css")
    sheet = f'<link rel="stylesheet" href="{website.server.url}/sdk/feelback.css">'
    website.write(body, script="passage", head=f'<link rel="stylesheet" href="/page.css">{sheet}')
    policy = website.pages.headers["content-security-policy"]
    website.pages.headers["content-security-policy"] = policy.replace(
        "style-src 'self'", f"style-src 'self' {website.server.url}"
    )


async def opened(website: Website, page: Page) -> Watch:
    """Open the page and wait for the element."""
    watch = Watch(page, website.server)
    await page.goto(website.url)
    await expect(page.locator("feelback-mark")).not_to_have_count(0)
    return watch


async def passages(website: Website, count: int = 1) -> list[dict[str, Any]]:
    """The stored passages, oldest first, once there are so many."""
    for _ in range(100):
        rows = await website.pool.fetch(
            "select p.*, r.body, o.value from passage as p"
            " join response as r on r.account_id = p.account_id and r.id = p.response_id"
            " join option as o on o.account_id = r.account_id and o.widget_id = r.widget_id"
            " and o.no = r.option_no order by p.response_id"
        )
        if len(rows) == count:
            break
        await asyncio.sleep(0.05)
    assert len(rows) == count
    return [dict(row) for row in rows]
