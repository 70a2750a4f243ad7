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
            "summary": "Send responses and read their counts; manage a project with its API key.",
            "description": "A 2xx answer follows the commit: the response is stored, and every later read counts it."
            " All errors have one form, `Error`. Calls that pages make answer preflights (`OPTIONS`). Calls under"
            " `/v1/projects` need an API key of the project, with the scope named at each call (`read_counts`,"
            " `read_messages` or `manage`); a key has 600 requests a minute. Lists come in pages, in a stable order.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"apiKey": ["send"]}],
        "tags": [
            {"name": "responses", "description": "Likes, votes, ratings, reactions, messages, forms."},
            {"name": "widgets", "description": "Widgets, as pages show them, and their settings."},
            {"name": "stats", "description": "Counts, windows and periods."},
            {"name": "projects", "description": "The project of an API key."},
            {"name": "pages", "description": "What visitors respond on."},
            {"name": "releases", "description": "Changes of your website or app, which charts show."},
            {"name": "destinations", "description": "Where events are sent: webhooks, chat and emails."},
            {"name": "triage", "description": "Status, assignee, tags, notes and groups of messages; saved views."},
            {"name": "placements", "description": "A widget on a page: what is counted."},
            {"name": "exports", "description": "A project's data as files."},
            {"name": "people", "description": "Members, API keys, recipients of recaps."},
        ],
        "paths": {**ingestion.paths(), **management.paths()},
        "webhooks": management.webhooks(),
        "components": COMPONENTS,
    }
