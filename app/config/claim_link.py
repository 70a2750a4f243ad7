"""The link that claims the installation."""

from app.config import Settings, keys


def code(settings: Settings) -> str:
    """The secret that claims the installation: CLAIM_TOKEN, else one derived from SECRET_KEY."""
    return settings.claim_token or keys.derive(settings.secret_key, keys.CLAIM).hex()[:32]


def url(settings: Settings) -> str:
    """The link as the command line prints it, without the panel, which takes 15 MB of memory to load."""
    return f"{settings.base_url}/claim/{code(settings)}"
