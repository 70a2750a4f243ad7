"""Releases of a project: list, detail, and marks on charts."""
