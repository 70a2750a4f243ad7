"""Formatting and parsing of texts: numbers, slugs, JSON."""
