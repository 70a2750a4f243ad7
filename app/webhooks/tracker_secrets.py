"""The secrets of a tracker as the database has them: bound to their project, in pieces that the cipher takes."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from app.config import keys

MOST_TOKEN_BYTES = 255
HOOK_BYTES = 24


def new_hook_secret() -> bytes:
    """A secret that signs what a forge posts, in letters and digits."""
    return secrets.token_hex(HOOK_BYTES).encode()


def encrypted(secret_key: str, project_id: UUID, value: bytes) -> bytes:
    """A token or a secret, encrypted.

    Raises:
        ValueError: more than 255 bytes.
    """
    return keys.encrypt(secret_key, keys.TRACKER + project_id.bytes, value, MOST_TOKEN_BYTES)


def opened(secret_keys: Sequence[str], project_id: UUID, value: bytes) -> bytes | None:
    """The token or secret; None if no secret key opens it."""
    pair = keys.decrypt(secret_keys, keys.TRACKER + project_id.bytes, value)
    return pair[1] if pair else None
