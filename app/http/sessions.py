"""Quart's session: a signed cookie with what the next page shows, a message or a new key's secret."""

from functools import lru_cache
from typing import TYPE_CHECKING

from quart.sessions import SecureCookieSessionInterface

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer
    from quart import Quart


class Sessions(SecureCookieSessionInterface):
    """Makes the serializer once, which Quart makes for every request, also of browsers without the cookie."""

    @lru_cache(maxsize=16)  # noqa: B019 - of an application, which has one and lives as long
    def get_signing_serializer(self, app: "Quart") -> "URLSafeTimedSerializer | None":
        return super().get_signing_serializer(app)
