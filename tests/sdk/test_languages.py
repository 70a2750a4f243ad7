"""Elements in the language of the nearest `lang`: complete files, read only where a page is not English."""

import asyncio
import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from app.config import ROOT
from tests.support.needs import needs_both, needs_chromium, needs_node
from tests.support.sdk_pages import MODULES, browsing
from tests.support.sdk_website import THEMES, Watch, Website, violations
from tests.support.sdk_words import plural_categories, texts_of_elements

FOLDER = ROOT / "static/sdk/languages"
FILES = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
ENGLISH = FILES["en"]
WANTED = (
    "ar cs da de el es fa fi fr he hi hu id it ja ko nb nl pl pt pt-br ro ru sv tr uk vi zh-hans zh-hant"
)  # fmt: skip
RTL = ("ar", "fa", "he")


@needs_node
def test_the_english_file_has_the_words_of_the_elements() -> None:
    texts, labels = texts_of_elements()
    named = {name: text for name, text in ENGLISH.items() if name not in ("stars", "labels", "invalid")}
    assert named == texts
    assert labels <= ENGLISH["labels"].keys()
    assert all(label == text for label, text in ENGLISH["labels"].items())


@pytest.mark.parametrize("code", WANTED.split())
def test_a_language_has_every_text(code: str) -> None:
    words = FILES[code]
    assert words.keys() == ENGLISH.keys()
    assert words["labels"].keys() == ENGLISH["labels"].keys()
    for name, text in [*words.items(), *words["labels"].items()]:
        for each in text.values() if isinstance(text, dict) else [text]:
            assert each == each.strip(), name
            assert each, name
            assert not re.search(r"[<>&|\x00-\x1f]", each), f"{name}: {each}"  # | and ; separate options
    assert all(text.count("{n}") == 1 and text.count("{") == 1 for text in words["stars"].values())
    assert not [name for name, text in words.items() if isinstance(text, str) and "{" in text]
    same = [name for name, text in words.items() if text == ENGLISH[name]]
    assert set(same) <= {"send", "cancel", "choose", "optional", "sending"}, "Not translated."


@needs_node
def test_a_language_has_every_plural() -> None:
    categories = plural_categories(sorted(FILES))
    assert {code: set(words["stars"]) for code, words in FILES.items()} == categories


def test_the_script_knows_every_file() -> None:
    source = (ROOT / "static/sdk/translate.js").read_text()
    codes = re.search(r'CODES = "([^"]*)"', source)
    assert codes
    assert codes[1].split() == sorted(FILES.keys() - {"en"})
    assert set(WANTED.split()) <= set(codes[1].split())


ALL = """<main><h1>-</h1>
<p><feelback-yesno widget="{yesno}" count label="?"></feelback-yesno></p>
<p><feelback-rating widget="{rating}" count label="?"></feelback-rating></p>
<p><feelback-nps widget="{nps}" label="?"></feelback-nps></p>
<p><feelback-reaction widget="{reaction}" layout="picker"></feelback-reaction></p>
<feelback-message widget="{message}" email label="?"></feelback-message>
<feelback-tagged-message widget="{tagged}"></feelback-tagged-message>
<feelback-message widget="{message}" layout="dialog"></feelback-message>
</main>"""
FIND_TEXTS = """() => [...document.querySelectorAll("main *")].filter((each) => each.shadowRoot).flatMap((element) =>
  [...element.shadowRoot.querySelectorAll("*")]
    .flatMap((node) => [node.ariaLabel, node.title, node.children.length ? "" : node.textContent]))"""


async def write(website: Website, body: str = ALL, lang: str = "en", script: str = "feelback") -> None:
    """Write a page in that language."""
    for type in ("yesno", "rating", "nps", "message", "tagged"):
        if type not in website.widgets:
            await website.add_widget(type)
    if "reaction" not in website.widgets:
        await website.add_widget("reaction")
    website.pages.add("/page.css", THEMES, "text/css")
    website.write(body, head='<link rel="stylesheet" href="/page.css">', script=script)
    rtl = ' dir="rtl"' if lang.partition("-")[0] in RTL else ""
    type, file = website.pages.files["/page"]
    website.pages.files["/page"] = (type, file.replace(b'<html lang="en"', f'<html lang="{lang}"{rtl}'.encode()))


def language_files(page: Page) -> list[str]:
    """The language files, and the script that reads them, which the page requests from now on."""
    names: list[str] = []

    def add(url: str) -> None:
        if "/languages/" in url or url.endswith("more.js"):
            names.append(url.rpartition("/")[2])

    page.on("request", lambda request: add(request.url))
    return names


@needs_chromium
@pytest.mark.parametrize("lang", ["", "en", "EN-gb"])
async def test_an_english_page_reads_no_language(website: Website, lang: str) -> None:
    await write(website, lang=lang)
    async with browsing() as page:
        names, watch = language_files(page), Watch(page, website.server)
        await page.goto(website.url)
        await expect(page.get_by_role("button", name="Yes")).to_contain_text("0")
        await page.get_by_role("button", name="Yes").click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Thank you.")
        await expect(page.get_by_role("button", name="10: Extremely likely")).to_be_visible()
        assert names == []
        assert watch.errors == []


@needs_both
async def test_elements_speak_the_page_s_language(website: Website) -> None:
    """Of every file: no English is left, axe finds no fault, and nothing is wider than a phone."""
    async with browsing(viewport={"width": 360, "height": 800}) as page:
        await page.add_init_script((MODULES / "axe-core/axe.min.js").read_text())
        names, watch = language_files(page), Watch(page, website.server)
        for code in sorted(FILES.keys() - {"en"}):
            words = FILES[code]
            await write(website, lang=code)
            names.clear()
            await page.goto(website.url)
            await expect(page.get_by_role("button", name=words["open"])).to_be_visible()
            await expect(page.locator("feelback-yesno").get_by_role("button").first).to_contain_text(
                words["labels"]["Yes"]
            )
            await expect(page.locator("[part=high]")).to_have_text(words["high"])
            await expect(page.locator("feelback-rating").get_by_role("button")).to_have_count(5)
            assert sorted(set(names)) == sorted([f"{code}.json", "more.js"])
            # Love, for one, is the same in some.
            known = {text for text in [*words.values(), *words["labels"].values()] if isinstance(text, str)}
            english = {text for text in [*ENGLISH.values(), *ENGLISH["labels"].values()] if isinstance(text, str)}
            texts = {text.strip() for text in await page.evaluate(FIND_TEXTS) if text}
            assert not texts & (english - known), code
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), code
            if code in ("ar", "de", "he", "zh-hans"):
                assert await violations(page) == [], code
        assert watch.errors == []


@needs_chromium
async def test_a_language_is_the_nearest_and_plurals_are_right(website: Website) -> None:
    await write(
        website,
        '<main lang="pl"><feelback-rating widget="{rating}"></feelback-rating>'
        '<section lang="ar-EG" dir="rtl"><feelback-rating widget="{rating}" page="ar"></feelback-rating></section>'
        '<section lang="pt_BR"><feelback-message widget="{message}"></feelback-message></section>'
        '<section lang="zh-TW"><feelback-message widget="{message}"></feelback-message></section>'
        '<section lang="no"><feelback-message widget="{message}"></feelback-message></section>'
        '<section lang="mt"><feelback-message widget="{message}"></feelback-message></section>'
        '<section lang="x"><feelback-message widget="{message}"></feelback-message></section>'
        """<section lang="de"><feelback-message widget="{message}" texts='{"send": "Ab"}'></feelback-message>"""
        '<feelback-yesno widget="{yesno}" options="y|Yes;n|No" thanks="Merci"></feelback-yesno></section></main>',
    )
    async with browsing() as page:
        names = language_files(page)
        await page.goto(website.url)
        ratings = page.locator("feelback-rating")
        await expect(ratings.get_by_role("button")).to_have_count(10)
        assert await ratings.first.get_by_role("button").evaluate_all("(all) => all.map((b) => b.title)") == [
            "1 gwiazdka", "2 gwiazdki", "3 gwiazdki", "4 gwiazdki", "5 gwiazdek",
        ]  # fmt: skip
        titles = await ratings.nth(1).get_by_role("button").evaluate_all("(all) => all.map((b) => b.title)")
        assert titles == ["نجمة واحدة (١)", "نجمتان (٢)", "٣ نجوم", "٤ نجوم", "٥ نجوم"]
        sends = ["Enviar", "傳送", "Send", "Send", "Send", "Ab"]
        await expect(page.locator("[part~=send]")).to_have_text(sends)
        own = ["Sua mensagem", "您的留言", "Meldingen din", "Your message", "Your message", "Deine Nachricht"]
        await expect(page.locator("feelback-message [part=label]")).to_have_text(own)
        yesno = page.locator("feelback-yesno")
        await yesno.get_by_role("button", name="Yes").click()  # a page's own options stay, and so do its thanks
        await expect(yesno.get_by_role("status")).to_have_text("Merci")
        assert sorted(set(names)) == [
            "ar.json",
            "de.json",
            "more.js",
            "nb.json",
            "pl.json",
            "pt-br.json",
            "zh-hant.json",
        ]
        assert len(names) == len(set(names))


@needs_chromium
async def test_no_text_changes_and_nothing_moves_when_a_language_arrives(website: Website) -> None:
    await write(website, lang="de")
    website.write(
        '<p><feelback-yesno widget="{yesno}" count></feelback-yesno></p>'
        '<p><feelback-rating widget="{rating}" count></feelback-rating></p><p lang="en">The end</p>',
        head=f'<link rel="stylesheet" href="{website.server.url}/sdk/feelback.css">',
    )
    policy = website.pages.headers["content-security-policy"]
    website.pages.headers["content-security-policy"] = policy.replace("'self'", website.server.url, 1)
    type, file = website.pages.files["/page"]
    website.pages.files["/page"] = (type, file.replace(b'<html lang="en"', b'<html lang="de"'))
    async with browsing() as page:
        release = asyncio.Event()

        async def slow(route: Route) -> None:
            await release.wait()
            await route.continue_()

        await page.route("**/languages/de.json", slow)
        await page.add_init_script(
            "window.shifts = 0; new PerformanceObserver((list) => { for (const { value } of list.getEntries())"
            " shifts += value }).observe({ type: 'layout-shift', buffered: true })"
        )
        async with page.expect_request("**/languages/de.json"):
            await page.goto(website.url)
        assert await page.locator("feelback-yesno button").count() == 0  # in English it would change later
        release.set()
        await expect(page.locator("feelback-yesno").get_by_role("button", name="Ja")).to_be_visible()
        await expect(page.locator("feelback-rating").get_by_role("button", name="5 Sterne")).to_be_visible()
        await expect(page.locator("[part=average]")).to_have_text("(0)")
        assert await page.evaluate("shifts") <= 0.02


@needs_chromium
@pytest.mark.parametrize("fault", ["gone", "broken", "never"])
async def test_without_its_file_an_element_is_english(website: Website, fault: str) -> None:
    await write(website, lang="de")
    faults: dict[str, Any] = {
        "gone": lambda route: route.fulfill(status=404, body="{}"),
        "broken": lambda route: route.fulfill(status=200, body="{", headers={"access-control-allow-origin": "*"}),
        "never": lambda route: None,
    }
    async with browsing() as page:
        await page.route("**/languages/de.json", faults[fault])
        await page.goto(website.url)
        yes = page.get_by_role("button", name="Yes")
        await expect(yes).to_be_visible()
        await yes.click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Thank you.")


@needs_chromium
async def test_an_application_changes_its_language(website: Website) -> None:
    await write(website)
    async with browsing() as page:
        await page.goto(website.url)
        message = page.locator("feelback-message").first
        await expect(message.get_by_role("button", name="Send")).to_be_visible()
        await page.evaluate("document.documentElement.lang = 'fr'")
        await expect(message.get_by_role("button", name="Envoyer")).to_be_visible()
        await page.evaluate("document.documentElement.lang = 'en'")
        await expect(message.get_by_role("button", name="Send")).to_be_visible()


@needs_chromium
async def test_a_follow_up_and_a_refusal_speak_it_too(website: Website) -> None:
    await website.add_widget("yesno")
    await website.ask_why(
        "yesno", {"option": "n", "question": "Pourquoi ?", "multiple": False, "message": True, "contact": True,
                  "reasons": []}
    )  # fmt: skip
    await website.add_widget("form", fields=[{"name": "name", "required": True, "min": 3}])
    await write(
        website,
        '<feelback-yesno widget="{yesno}"></feelback-yesno>'
        '<feelback-form widget="{form}" fields=\'[{"name":"name"}]\'></feelback-form>',
        lang="fr",
    )
    async with browsing() as page:
        await page.goto(website.url)
        await page.get_by_role("button", name="Non").click()
        await expect(page.get_by_label("Votre message (facultatif)")).to_be_visible()
        await page.get_by_label("Votre message (facultatif)").fill("Trop court")
        await page.locator("feelback-yesno").get_by_role("button", name="Envoyer").click()
        await expect(page.locator("feelback-yesno [part=status]")).to_have_text("Merci !")
        form = page.locator("feelback-form")
        await form.get_by_label("name").fill("A")
        await form.get_by_role("button", name="Envoyer").click()
        await expect(form.get_by_role("status")).to_have_text("Veuillez vérifier votre saisie.")
