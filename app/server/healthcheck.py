"""A container's HEALTHCHECK: exits with 0 if the web server on this machine answers. Imports nothing of ours."""

import http.client
import os
import sys

HOSTS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - connected to, not bound


def is_healthy() -> bool:
    """Whether /healthz answers 200 within 4 seconds."""
    host = os.environ.get("HOST", "")
    connection = http.client.HTTPConnection(HOSTS.get(host, host), int(os.environ.get("PORT") or 8000), timeout=4)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_healthy() else 1)
