"""Widgets of a project: list, creation, settings."""
