"""Widgets of a project: list, create, settings."""
