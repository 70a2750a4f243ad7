"""The OpenAPI 3.1 document of `/v1`."""

from typing import Any

from app import __version__


def document() -> dict[str, Any]:
    """The whole document."""
    return {"openapi": "3.1.0", "info": {"title": "Feelback", "version": __version__}, "paths": {}}
