"""Feelback: likes, votes, ratings, reactions, messages and forms for any page, counted in Postgres."""

__version__ = "0.1.0"
# Of the packages at npm: `@scope` stands for it in the documentation and in static/packages.
NPM_SCOPE = "@feelbackhq"
