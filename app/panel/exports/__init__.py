"""Exports of a project's data."""
