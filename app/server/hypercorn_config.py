"""Hypercorn's own settings."""

import logging
import time

import hypercorn

from app.server.children import STOP_SECONDS
from app.server.connections import ANSWER_SECONDS, IDLE_SECONDS, MOST_REQUESTS


class _Config(hypercorn.Config):
    """Hypercorn's settings, which write the date once a second, not for each answer."""

    _second, _headers = 0, list[tuple[bytes, bytes]]()

    def response_headers(self, protocol: str) -> list[tuple[bytes, bytes]]:
        """Headers of every answer, which the caller leaves as they are."""
        if self._second != (second := int(time.time())):
            self._second, self._headers = second, super().response_headers(protocol)
        return self._headers


def config() -> hypercorn.Config:
    """Hypercorn's settings."""
    settings = _Config()
    settings.errorlog = logging.getLogger("hypercorn")
    settings.accesslog = None
    settings.include_server_header = False
    settings.keep_alive_max_requests = MOST_REQUESTS
    settings.shutdown_timeout = STOP_SECONDS - IDLE_SECONDS - ANSWER_SECONDS - 5
    logging.getLogger("hypercorn").setLevel(max(logging.WARNING, logging.getLogger().level))
    return settings
