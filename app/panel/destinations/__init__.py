"""Destinations of a project's events: their settings, secrets and deliveries."""
