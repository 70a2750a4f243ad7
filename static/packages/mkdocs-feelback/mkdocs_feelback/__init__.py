"""Feedback below pages of MkDocs."""
