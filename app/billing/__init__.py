"""Stripe's API and what we read from it."""
