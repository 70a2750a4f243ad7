"""Projects: list, overview, settings and API keys."""
