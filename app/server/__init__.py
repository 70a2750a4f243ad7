"""Processes and the ASGI application. The only package that imports Hypercorn and uvicorn."""
