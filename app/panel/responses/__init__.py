"""Responses: list, filter, detail and delete."""
