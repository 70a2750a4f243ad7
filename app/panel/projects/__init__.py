"""Projects: list, overview, settings, API keys."""
