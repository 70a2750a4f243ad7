"""Pages of issues that need a forge, for tests."""

import dataclasses
import ipaddress
from urllib.parse import parse_qs, urlsplit

import asyncpg
from quart import Quart

from app.http.context import services
from tests.support import fake_github_app as fake
from tests.support.drive_recaps import demo_owner

Pool = asyncpg.Pool


async def every_page(app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    """Choose among the repositories that the GitHub App may write to."""
    before = services(app).settings
    async with fake.serving_app() as forge:
        services(app).settings = dataclasses.replace(
            before, github_app_id=fake.APP_ID, github_app_slug="feelback", github_app_client_id=fake.CLIENT_ID,
            github_app_client_secret=fake.CLIENT_SECRET, github_app_private_key=fake.PEM,
            github_app_webhook_secret=fake.HOOK_SECRET, github_app_url=forge.url,
            webhook_networks=(ipaddress.ip_network("127.0.0.0/8"),),
        )  # fmt: skip
        owner = await demo_owner(app, pool)
        response = await owner.get("/projects/demo/issues/github")
        state = parse_qs(urlsplit(response.headers["Location"]).query)["state"][0]
        assert (await owner.get(f"/github/callback?code={fake.ADA}&state={state}")).status_code == 200
        services(app).settings = before
