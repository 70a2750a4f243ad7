"""`make screenshots` and `make lighthouse`: pictures for README and documentation; marks of three screens."""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple

import click
from PIL import Image
from playwright.async_api import Page, async_playwright

from app.config import ROOT
from app.site.demo_project import EMAIL
from tests.support.demo_server import demo_server
from tests.support.sdk_pages import CHROMIUM

IMAGES = ROOT / "docs" / "images"
PANEL_IMAGES = ROOT / "static" / "site" / "panel"
CARD = ROOT / "static" / "site" / "card.png"
MOST_BYTES = 150_000


class Picture(NamedTuple):
    """A screen to take: its path, the selector of what to click there, the theme and the height."""

    path: str
    click: str = ""
    scheme: Literal["light", "dark"] = "light"
    height: int = 800


PICTURES = {
    "overview": Picture("/projects/demo", height=900),
    "inbox-dark": Picture("/projects/demo/inbox", scheme="dark"),
    "widgets": Picture("/demo", height=900),
}
# The documentation's, one for each screen of the panel.
PANEL_PICTURES = {
    "overview": Picture("/projects/demo"),
    "pages": Picture("/projects/demo/pages"),
    "page": Picture("/projects/demo/pages", click="main tbody a"),
    "inbox": Picture("/projects/demo/inbox", click="#messages a.open", height=900),
    "responses": Picture("/projects/demo/responses"),
    "widgets": Picture("/projects/demo/widgets"),
    "editor": Picture("/projects/demo/widgets", click="main a[href$='/settings']"),
    "integrate": Picture("/projects/demo/integrate"),
    "releases": Picture("/projects/demo/releases"),
    "recaps": Picture("/projects/demo/recaps"),
    "exports": Picture("/projects/demo/exports"),
    "project-settings": Picture("/projects/demo/settings"),
    "destinations": Picture("/projects/demo/destinations"),
    "issues": Picture("/projects/demo/issues"),
    "api-keys": Picture("/projects/demo/api-keys"),
    "members": Picture("/members"),
    "audit-log": Picture("/audit"),
    "account": Picture("/me"),
}
MARKED = {"overview": "/projects/demo", "inbox": "/projects/demo/inbox", "sign-in": "/sign-in"}
LEAST = 0.98


@click.group()
def main() -> None:
    """Look at the panel with the demo in it."""


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), default=IMAGES, help="Where those of the README go.")
@click.option("--panel", type=click.Path(path_type=Path), default=PANEL_IMAGES, help="Where those of the panel go.")
def screenshots(folder: Path, panel: Path) -> None:
    """Take the pictures of the README and of the documentation again."""
    with demo_server() as (url, feelback):
        link = feelback("link", EMAIL).splitlines()[0]
        asyncio.run(_pictures(url, link, {folder: PICTURES, panel: PANEL_PICTURES}))
    asyncio.run(_card(CARD))


@main.command()
@click.option("--times", default=3, show_default=True, help="The middle mark of so many counts.")
def lighthouse(times: int) -> None:
    """Mark three pages in four categories; a mark under 98 ends it with 1."""
    with tempfile.TemporaryDirectory() as name, demo_server() as (url, feelback):
        folder = Path(name)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "lighthouse@12.8.2"], cwd=folder, check=True)
        cookie = asyncio.run(_cookie(url, feelback("link", EMAIL).splitlines()[0]))
        is_good = True
        for (page, path), device in product(MARKED.items(), ("desktop", "phone")):
            seen_by = cookie if path != "/sign-in" else ""
            marks = [_marked(folder, url + path, seen_by, device) for _ in range(times)]
            middle = {name: sorted(each[name] for each in marks)[times // 2] for name in marks[0]}
            click.echo(
                f"{page:10}{device:9}" + "  ".join(f"{name} {round(100 * mark)}" for name, mark in middle.items())
            )
            is_good &= min(middle.values()) >= LEAST
    sys.exit(0 if is_good else 1)


def _marked(folder: Path, address: str, cookie: str, device: str) -> dict[str, float]:
    command = ["node_modules/.bin/lighthouse", address, "--quiet", "--output=json", "--output-path=report.json"]
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
    headers = [f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []
    environ = {"CHROME_PATH": str(CHROMIUM), "PATH": f"{Path(shutil.which('node') or '').parent}:/usr/bin:/bin"}
    preset = ["--preset=desktop"] if device == "desktop" else []
    subprocess.run([*command, *preset, flags, *headers], cwd=folder, check=True, env=environ)
    report = json.loads((folder / "report.json").read_text())
    return {name: each["score"] for name, each in report["categories"].items()}


async def _entered(page: Page, link: str) -> None:
    await page.goto(link)
    await page.get_by_role("main").get_by_role("button").first.click()
    await page.wait_for_url("**/projects/demo")


async def _cookie(url: str, link: str) -> str:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(base_url=url)
        await _entered(page, link)
        (cookie,) = [each for each in await page.context.cookies() if each["name"] == "feelback"]
        await browser.close()
        return f"feelback={cookie['value']}"


async def _pictures(url: str, link: str, folders: dict[Path, dict[str, Picture]]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(base_url=url)
        await _entered(page, link)
        for folder, pictures in folders.items():
            folder.mkdir(parents=True, exist_ok=True)
            for name, picture in pictures.items():
                await _take(page, picture, folder / f"{name}.webp")
        await browser.close()


async def _card(file: Path) -> None:
    """Draw the picture that shared links of the site show."""
    logo = b64encode((ROOT / "static" / "logo.svg").read_bytes()).decode()
    template = (Path(__file__).parent / "card.html").read_text()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1200, "height": 630})
        await page.set_content(template.replace("LOGO", f"data:image/svg+xml;base64,{logo}"))
        await page.screenshot(path=file)
        await browser.close()


async def _take(page: Page, picture: Picture, file: Path) -> None:
    await page.emulate_media(color_scheme=picture.scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": 1280, "height": picture.height})
    await page.goto(picture.path)
    if picture.click:
        await page.locator(picture.click).first.click()
        await page.wait_for_load_state("networkidle")
    await page.wait_for_timeout(500)
    picture_file = BytesIO()
    Image.open(BytesIO(await page.screenshot())).convert("RGB").save(picture_file, "webp", quality=80, method=6)
    content = picture_file.getvalue()
    assert len(content) < MOST_BYTES, f"{file.name} has {len(content):,} bytes"
    await asyncio.to_thread(file.write_bytes, content)


if __name__ == "__main__":
    main()
