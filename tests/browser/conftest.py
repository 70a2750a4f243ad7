"""The real server, a person who signs up, and a website of another origin."""

from collections.abc import Iterator

import pytest

from tests.support.sdk_pages import Pages
from tests.support.serving import Server, free_port
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import SECRET


@pytest.fixture
def panel(database: str) -> Iterator[Server]:
    """The server, with its BASE_URL."""
    port = free_port()
    environ = {
        "DATABASE_URL": database, "SECRET_KEY": SECRET, "WORKER": "off", "LIMITS": "off", "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    with serving_in_thread(environ) as server:
        server.port = port
        yield server


@pytest.fixture
def pages() -> Iterator[Pages]:
    """A website of another origin."""
    with Pages() as pages:
        pages.add("/favicon.ico", b"-", "image/x-icon")
        yield pages
