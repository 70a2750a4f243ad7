"""Pages of a project: list and detail."""
