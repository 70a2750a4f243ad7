"""Fragments for whoever uses a screen, and for its stream."""

import asyncpg

from tests.support.browser import Browser

Pool = asyncpg.Pool


async def test_an_update_leaves_the_address_and_the_choice_of_a_period(
    owner: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    response = await owner.get("/projects/demo/window?period=7d", **{"X-Live": "?period=7d"})
    assert "HX-Push-Url" not in response.headers
    await owner.get("/projects/demo")
    assert "Last 30 days</summary>" in owner.text
    response = await owner.get("/projects/demo/window?period=7d")
    assert response.headers["HX-Push-Url"] == "/projects/demo?period=7d"
    await owner.get("/projects/demo")
    assert "Last 7 days</summary>" in owner.text


async def test_an_update_shows_what_the_screen_shows(owner: Browser) -> None:
    """Its links stay without a period, as those of the screen."""
    await owner.get("/projects/demo/window", **{"X-Live": "?period=90d&compare=none"})
    assert "Last 90 days</summary>" in owner.text
    assert "No comparison</summary>" in owner.text
    assert 'hx-get="/projects/demo/window"' in owner.text
    await owner.get("/projects/demo/window")
    assert "Last 30 days</summary>" in owner.text
