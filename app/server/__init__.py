"""Processes and the ASGI application: the one place that knows Hypercorn."""
