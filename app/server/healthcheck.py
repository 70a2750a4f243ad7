"""A container's HEALTHCHECK, for each role: exits with 0 if what runs here answers.

A web server is asked for /healthz. A worker and a scheduler touch a file each second. What runs once, such as
`migrate`, is healthy as long as it runs.
"""

import http.client
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

from app.processes.heartbeat import FILE

HOSTS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - connected to, not bound
SILENT_SECONDS = 15
COMMAND = Path("/proc/1/cmdline")


def role(command: Path = COMMAND) -> str:
    """The command of Feelback that this container runs; "" if it cannot be read."""
    try:
        words = command.read_text().split("\0")
    except OSError:
        return ""
    return next((after for word, after in pairwise(words) if word.endswith(("app", "feelback"))), "")


def is_healthy(role: str, file: Path = FILE) -> bool:
    """Whether the process of `role` answers within 4 seconds."""
    if role in ("", "serve", "run"):
        return answers(os.environ.get("HOST", ""), int(os.environ.get("PORT") or 8000), timeout=4)
    if role in ("work", "scheduler"):
        try:
            return time.time() - file.stat().st_mtime < SILENT_SECONDS
        except OSError:
            return False
    return True


def answers(host: str, port: int, timeout: float) -> bool:
    """Whether a web server that listens there answers within `timeout` seconds."""
    connection = http.client.HTTPConnection(HOSTS.get(host, host), port, timeout=timeout)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_healthy(role()) else 1)
