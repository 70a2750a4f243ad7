"""Snippets for a widget, and the check that its responses arrive."""
