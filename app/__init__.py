"""Feelback: likes, votes, ratings, reactions, messages and forms for any page, counted in Postgres."""

__version__ = "0.1.0"
