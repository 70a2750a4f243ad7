"""The code of the packages' READMEs works as it stands; that of plugins is built by `make sites`."""

from pathlib import Path

import pytest

from tests.support.frameworks import archives, bundle, readme_code
from tests.support.needs import needs_both
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Watch, Website

pytestmark = needs_both

VUE = ["--define:__VUE_OPTIONS_API__=true", "--define:__VUE_PROD_DEVTOOLS__=false"]
YES, LIKE = ("yesno", "y", None, None), ("pulse", "+", None, None)
# By package: the name of its program, options of the bundler, the buttons to press and what each stores.
PROGRAMS = {
    "feelback": ("main.js", [], [("Yes", YES)]),
    "react": ("main.jsx", [], [("Like", LIKE), ("Yes", YES)]),
    "vue": ("main.js", VUE, [("Like", LIKE), ("Yes", YES)]),
}


def test_every_readme_has_one_program() -> None:
    for name in archives():
        assert readme_code(name.rpartition("/")[2]).strip(), name


@pytest.mark.parametrize("package", PROGRAMS)
async def test_its_program_works(website: Website, tmp_path: Path, package: str) -> None:
    name, options, presses = PROGRAMS[package]
    code = readme_code(package).replace("https://your.host", website.server.url)
    for placeholder, type in {"THE WIDGET'S ID": "yesno", "THE PULSE WIDGET'S ID": "pulse"}.items():
        code = code.replace(placeholder, await website.add_widget(type))
    website.pages.add("/app.js", bundle(name, options, tmp_path, code), "text/javascript")
    website.pages.add(
        "/page",
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>An app</title><body><div id="root"></div>'
        '<script type="module" src="/app.js"></script>',
    )
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(website.url)
        stored = []
        for button, row in presses:
            await page.get_by_role("button", name=button).click()
            stored.append(row)
            await website.holds(*stored)
        assert watch.errors == []
