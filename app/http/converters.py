"""What the parts of an address may look like; anything else is an address that does not exist."""

from werkzeug.routing import BaseConverter


class Slug(BaseConverter):
    """A project's slug."""

    regex = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
