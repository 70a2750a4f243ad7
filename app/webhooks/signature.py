"""Signatures and secrets as Standard Webhooks has them (standardwebhooks.com, version 1)."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID

from app.config import keys

SECRET_BYTES = 32
PREFIX = "whsec_"


def new_secret() -> bytes:
    """A secret that signs the requests to a destination."""
    return secrets.token_bytes(SECRET_BYTES)


def shown_secret(secret: bytes) -> str:
    """A secret as its receiver enters it: whsec_ and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def encrypted_secret(secret_key: str, destination_id: UUID, secret: bytes) -> bytes:
    """A secret as the database has it."""
    return keys.encrypt(secret_key, about(destination_id), secret)


def opened_secrets(secret_keys: Sequence[str], destination_id: UUID, encrypted: Sequence[bytes]) -> list[bytes]:
    """The secrets of a destination; without those that no secret key opens."""
    opened = (keys.decrypt(secret_keys, about(destination_id), value) for value in encrypted)
    return [pair[1] for pair in opened if pair]


def about(destination_id: UUID) -> bytes:
    """What the encrypted form of a secret is bound to."""
    return keys.DESTINATION + destination_id.bytes


def headers(secrets_: Sequence[bytes], id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers that identify and sign a request: a signature by each secret; `seconds` are since 1970."""
    content = f"{id}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets_)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
