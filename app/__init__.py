"""Feelback: likes, votes, ratings, reactions, messages and forms for any page, counted in Postgres."""

__version__ = "0.1.0"
# Of the packages at npm: `@scope` stands for it in static/packages, and a test compares it with the documentation.
NPM_SCOPE = "@feelbackhq"
