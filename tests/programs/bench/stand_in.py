"""Run an application in our own web process, so that a comparison differs in the application alone."""

import sys
from collections.abc import Callable
from typing import Any

from app import config
from app.server import asgi, supervisor, web_process


def run(create: Callable[[str], Any]) -> None:
    """Answer on the socket handed down as the first argument with `create(dsn)`."""
    supervisor.watch_parent()
    asgi.create = lambda settings, dsn, *_: create(dsn)
    web_process.run_web(config.load(), int(sys.argv[1]))
