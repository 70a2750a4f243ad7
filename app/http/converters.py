"""URL converters: an address whose parts do not match does not exist (404)."""

from werkzeug.routing import BaseConverter


class Slug(BaseConverter):
    """A project's slug."""

    regex = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
