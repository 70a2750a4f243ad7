"""The playground: its choices, its code for each tool, and its themes."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

from app.panel.widgets import gallery
from app.site import playground, themes
from app.site.playground import WAYS
from app.text.widget_types import WIDGET_TYPES
from tests.support.browser import Browser

IDEAS = [idea for goal in gallery.GOALS for idea in goal.ideas]
KINDS = [f"{idea.type}/{idea.preset}" for idea in IDEAS]
KIND_OF_TYPE = {kind.split("/")[0]: kind for kind in KINDS}
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
