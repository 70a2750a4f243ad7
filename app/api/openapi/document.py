"""The OpenAPI 3.1 document of `/v1`."""

from typing import Any

from app import __version__
from app.api.openapi import ingestion, management
from app.api.openapi.schemas import COMPONENTS


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Feelback",
            "version": __version__,
            "summary": "Responses of a page's visitors in, their counts out; and a project, managed by its API key.",
            "description": "A 2xx answer comes after the commit: what it acknowledges is stored, and is in every"
            " count that is"
            " read from then on. Errors say what was wrong in one form, `Error`. Every path that pages call"
            " answers a preflight (`OPTIONS`). Under `/v1/projects` a key manages its project: one for reading looks,"
            " one for writing changes; 600 requests a minute each. Lists are read by the page, in an order that stays.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"apiKey": []}],
        "tags": [
            {"name": "responses", "description": "Responses: likes, votes, ratings, reactions, messages, forms."},
            {"name": "widgets", "description": "Widgets, as a page draws them, and their settings."},
            {"name": "stats", "description": "Counts, windows and periods."},
            {"name": "projects", "description": "The project of an API key."},
            {"name": "pages", "description": "What visitors respond on."},
            {"name": "placements", "description": "A widget on a page: what is counted."},
            {"name": "exports", "description": "A project's data as files."},
            {"name": "people", "description": "Members, API keys, recipients of recaps."},
        ],
        "paths": {**ingestion.paths(), **management.paths()},
        "components": COMPONENTS,
    }
