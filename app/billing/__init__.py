"""Stripe's API, and the snapshots that we read from it."""
