"""`make screenshots` and `make lighthouse`: pictures for the README; marks of the overview, the inbox and sign-in."""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from itertools import product
from pathlib import Path

import click
from PIL import Image
from playwright.async_api import Page, async_playwright

from app.config import ROOT
from tests.programs.screenshots.demo_server import demo_server
from tests.support.sdk_pages import CHROMIUM

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 150_000
# Name: path, theme, width and height.
PICTURES = {
    "overview": ("/projects/demo", "light", 1280, 900),
    "inbox-dark": ("/projects/demo/inbox", "dark", 1280, 800),
    "widgets": ("/demo", "light", 1280, 900),
}
MARKED = {"overview": "/projects/demo", "inbox": "/projects/demo/inbox", "sign-in": "/sign-in"}
LEAST = 0.98


@click.group()
def main() -> None:
    """Look at the panel with the demo in it."""


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), default=IMAGES, help="Where the pictures go.")
def screenshots(folder: Path) -> None:
    """Make the pictures of the README anew."""
    folder.mkdir(parents=True, exist_ok=True)
    with demo_server() as (url, link):
        asyncio.run(_pictures(url, link, folder))


@main.command()
@click.option("--times", default=3, show_default=True, help="The middle mark of so many counts.")
def lighthouse(times: int) -> None:
    """Mark three pages in four categories; a mark under 98 ends it with 1."""
    with tempfile.TemporaryDirectory() as name, demo_server() as (url, link):
        folder = Path(name)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "lighthouse@12.8.2"], cwd=folder, check=True)
        cookie = asyncio.run(_cookie(url, link))
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


async def _pictures(url: str, link: str, folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(base_url=url)
        await _entered(page, link)
        for name, (path, scheme, width, height) in PICTURES.items():
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            await page.set_viewport_size({"width": width, "height": height})
            await page.goto(path)
            await page.wait_for_timeout(500)
            picture = Image.open(BytesIO(await page.screenshot()))
            file = folder / f"{name}.webp"
            picture.convert("RGB").save(file, quality=82, method=6)
            assert file.stat().st_size < MOST_BYTES, f"{name} has {file.stat().st_size:,} bytes"
        await browser.close()


if __name__ == "__main__":
    main()
