"""/.well-known/security.txt: where to report a vulnerability, if the installation names a contact."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta

import pytest
from quart import Quart

from app import config
from app.config import Settings
from app.errors import ConfigError
from app.http.context import services
from app.server.quart_app import create_app
from tests.support.browser import Browser

PATH = "/.well-known/security.txt"


async def test_it_is_not_there_without_a_contact(browser: Browser) -> None:
    assert (await browser.get(PATH)).status_code == 404


@pytest.mark.parametrize("contact", ["mailto:security@example.com", "https://example.com/security"])
async def test_it_names_the_contact(app: Quart, settings: Settings, contact: str) -> None:
    other = create_app(dataclasses.replace(settings, security_contact=contact))
    services(other).pool = services(app).pool
    browser = Browser(other)
    response = await browser.get(PATH)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(re.findall(r"^(\w+): (.+)$", browser.text, re.MULTILINE))
    assert fields["Contact"] == contact
    assert fields["Canonical"] == f"{settings.base_url}{PATH}"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)  # RFC 9116: less than a year


@pytest.mark.parametrize("contact", ["security@example.com", "http://example.com", "mailto:x", "mailto:a@b c"])
def test_another_contact_is_refused(contact: str) -> None:
    with pytest.raises(ConfigError, match="SECURITY_CONTACT"):
        config.load({"SECURITY_CONTACT": contact, "SECRET_KEY": "s" * 32})
