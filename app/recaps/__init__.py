"""Recap emails: figures, charts and text."""
