"""Single responses: list, filter and detail."""
