"""The URL of a destination: a check of it by its type, and its encrypted form where it is a secret."""

from uuid import UUID

from app.config import Settings
from app.webhooks import addresses, apprise_request


def checked(settings: Settings, type: str, id: UUID, url: str | None) -> bytes | None:
    """Check a URL before it is stored. Returns that of Apprise encrypted: it is stored as nothing else.

    Raises:
        FeelbackError: 422.
    """
    if type == "apprise":
        apprise_request.check_url(url or "")
        return apprise_request.encrypted_url(settings.secret_key, id, url or "")
    if type != "email":
        addresses.check_url(url or "", settings.webhook_networks)
    return None
