"""The playground: its choices, its code for each tool, its themes, and that nothing of it is stored."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import asyncpg
import pytest
from playwright.async_api import Page, expect

from app.panel.widgets import gallery
from app.site import demo_project, playground, themes
from app.site.playground import WAYS
from app.text.widget_types import WIDGET_TYPES
from tests.support.browser import Browser
from tests.support.panel_browser import AXE, AXE_VIOLATIONS, VIOLATIONS
from tests.support.sdk_pages import CHROMIUM, Pages, browsing
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import SECRET

Pool = asyncpg.Pool
IDEAS = [idea for goal in gallery.GOALS for idea in goal.ideas]
KINDS = [f"{idea.type}/{idea.preset}" for idea in IDEAS]
# One of each type, that of the demo's widget; the form is the last.
KIND_OF_TYPE = {kind.split("/")[0]: kind for kind in reversed(KINDS)} | {"reaction": "reaction/github"}
KIND_OF_TYPE["form"] = KIND_OF_TYPE.pop("form")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None or not AXE.exists(), reason="chromium is missing: run tests/install"
)
HARD = '"It\'s" <b>{{ 7 * 7 }}</b> & {% raw %} [x] ]]>'


class Markup(HTMLParser):
    """The elements of a text, each with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


class Code(HTMLParser):
    """The text of the block of code with an id."""

    def __init__(self, page: str, id: str) -> None:
        super().__init__()
        self.id, self.depth, self.text = id, 0, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += bool(self.depth or dict(attrs).get("id") == self.id)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth)

    def handle_data(self, data: str) -> None:
        self.text += data if self.depth else ""


async def code(browser: Browser, id: str = "play-markup", **choices: str) -> str:
    response = await browser.get(f"/playground?{urlencode(choices)}")
    assert response.status_code == 200, browser.raw
    return Code(browser.raw, id).text


def test_it_offers_every_type() -> None:
    assert {idea.type for idea in IDEAS} == {type.name for type in WIDGET_TYPES}


@pytest.mark.parametrize("way", WAYS)
async def test_each_tool_has_code_of_each_kind(browser: Browser, way: str) -> None:
    for kind in KINDS if way == "html" else KIND_OF_TYPE.values():
        text = await code(browser, kind=kind, way=way, theme="forest")
        assert "widget" in text or way == "wordpress", text
        assert "{#" not in text
        assert "{{" not in text or way == "hugo", text


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("wordpress", "form")])
async def test_words_are_text_in_every_tool(browser: Browser, way: str) -> None:
    text = await code(
        browser, way=way, label=HARD, thanks="{danke}", language="de", widget="0" * 8 + "-0000" * 3 + "-" + "0" * 12
    )
    (attributes,) = [each for tag, each in Markup(text).elements if tag == "feelback-yesno"]
    assert attributes["label"] == HARD
    assert attributes["thanks"] == "{danke}"
    assert (attributes["lang"], attributes["widget"]) == ("de", "00000000-0000-0000-0000-000000000000")
    assert "{" not in re.search("<feelback-yesno.*", text)[0]  # type: ignore[index]


async def test_a_shortcode_s_words_have_no_brackets_or_quotes(browser: Browser) -> None:
    text = await code(browser, way="wordpress", kind="reaction/github", label=HARD, counts="hidden")
    assert re.fullmatch(r'\[feelback( \w+="[^"\[\]<>]*")+\]', text.strip()), text
    assert 'type="reaction" label="&quot;It' in text
    assert text.strip().endswith('preset="github" count="no"]')


async def test_what_is_the_default_is_not_in_the_code(browser: Browser) -> None:
    text = await code(browser)
    assert text.strip().endswith(
        '<feelback-yesno widget="THE WIDGET\'S ID" label="Was this helpful?" count></feelback-yesno>'
    )
    assert not Code(browser.raw, "play-css").text
    for kind, attribute in (
        ("reaction/facebook", 'preset="facebook"'),
        ("reaction/product", 'options="great|Great|😀; okay|Okay|😐; poor|Poor|🙁"'),
        ("rating/csat", 'options="1|Very dissatisfied; 2'),
        ("tagged/feedback", 'preset="feedback"'),
        ("pulse/pulse-heart", 'preset="pulse-heart"'),
    ):
        assert attribute in await code(browser, kind=kind)


async def test_the_question_follows_the_kind_until_it_is_written(browser: Browser) -> None:
    assert 'label="Rate this page"' in await code(browser, kind="rating/stars", label="Was this helpful?")
    assert 'label="How many?"' in await code(browser, kind="rating/stars", label="How many?")


async def test_a_theme_is_a_rule_with_its_changes(browser: Browser) -> None:
    text = await code(browser, "play-css", kind="pulse/pulse", theme="ink", own_accent="1", accent="#123456", size="20")
    assert text.strip() == (
        "feelback-pulse {\n  --feelback-accent: #123456;\n  --feelback-border: currentColor;\n"
        "  --feelback-radius: 0;\n  font-size: 20px;\n}"
    )


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"kind": "nothing/there"}, "“kind” must be one of: yesno/yesno, "),
        ({"theme": "neon"}, "“theme” must be one of: page, indigo, "),
        ({"way": "../html"}, "“way” must be one of: html, "),
        ({"language": "xx"}, "“language” must be one of"),
        ({"widget": "12"}, "“widget” must be the ID of a widget"),
        ({"own_accent": "1", "accent": "red;"}, "“accent” must be a color, as in #0b6e4f."),
        ({"options": "|Yes"}, "“options” must have a value in front of each label"),
        ({"options": ";".join("abcdefghijklmnopqrstu")}, "“options” must have at most 20 options"),
    ],
)
async def test_it_says_what_is_wrong(browser: Browser, choices: dict[str, str], words: str) -> None:
    response = await browser.get(f"/playground?{urlencode(choices)}")
    assert response.status_code == 422
    assert words in browser.text


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colors(value: str) -> Sequence[str]:
    """A value's colors on light and dark pages."""
    return re.findall("#[0-9a-f]{6}", value) or ("", "")


@pytest.mark.parametrize("theme", [theme for theme in themes.THEMES if theme.properties], ids=lambda theme: theme.name)
def test_a_theme_can_be_read_on_light_and_dark_pages(theme: themes.Theme) -> None:
    properties = theme.properties
    background = colors(properties.get("--feelback-background", ""))
    texts = colors(properties.get("color", ""))
    for at, (page, text) in enumerate((("#ffffff", "#1b1f2a"), ("#12141a", "#e8eaf0"))):
        under = background[at] or page
        assert contrast(texts[at] or text, under) >= 4.5
        assert contrast(colors(properties["--feelback-accent"])[at] or text, under) >= 4.5
        border = colors(properties["--feelback-border"])[at]
        assert not border or contrast(border, page) >= 3


def test_there_are_themes() -> None:
    assert len([theme for theme in themes.THEMES if theme.properties]) >= 8
    assert set(playground.RIGHT_TO_LEFT) == {"ar", "fa", "he"}


@pytest.fixture
async def site(database: str) -> AsyncIterator[Server]:
    with serving_in_thread({"DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off"}) as site:
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


@needs_chromium
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


@needs_chromium
async def test_it_works_without_a_script(site: Server, loaded: demo_project.Demo) -> None:
    async with browsing(java_script_enabled=False) as page:
        await page.goto(f"{site.url}/playground")
        await page.get_by_label("What to ask").select_option("reaction/evaluation")
        await page.get_by_role("radio", name="React").check()
        await page.get_by_role("button", name="Show").click()
        await page.wait_for_url("**/playground?kind=reaction*")
        await expect(page.locator("#play-markup")).to_contain_text('<feelback-reaction widget="THE WIDGET\'S ID"')
        await expect(page.locator("#play-preview")).to_contain_text("Not so great")


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_for_everybody(site: Server, loaded: demo_project.Demo, scheme: str) -> None:
    async with browsing(color_scheme=scheme, viewport={"width": 360, "height": 740}) as page:
        faults, _ = await watch(page)
        for query in ("", "?kind=rating/csat&theme=sunset&way=form&language=ar", "?kind=form/form&way=wordpress"):
            await page.goto(f"{site.url}/playground{query}")
            await expect(page.locator("#theme-large").get_by_role("button", name="Yes")).to_have_text(re.compile("96"))
            await page.locator("details").evaluate_all("(all) => all.forEach((each) => (each.open = true))")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 360, query
            await page.evaluate(AXE.read_text())
            assert await page.evaluate(AXE_VIOLATIONS) == [], query
        assert faults == []


@needs_chromium
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
                    "select count(*) from response as r join placement as p on p.id = r.placement_id where p.key = $1",
                    f"/{type}",
                )
                assert stored == 1, json.dumps(text)
