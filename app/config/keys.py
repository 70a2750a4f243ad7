"""Keys derived from SECRET_KEY, each for one purpose, and short values encrypted by such a key.

While SECRET_KEY is being replaced there are several: the first signs and encrypts, each is accepted.
"""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "feelback-token"  # noqa: S105 - a purpose; signs the tokens of responses
CLAIM = "feelback-claim"  # the code that claims the installation
VISITOR = "feelback-visitor"  # hashes visitors; stored encrypted, so that it outlives SECRET_KEY
TRACKER = b"tracker"  # what encrypted secrets of trackers begin to be bound to
DESTINATION = b"destination"  # what encrypted secrets of destinations begin to be bound to
ENCRYPTION = "feelback-aes-gcm"  # encrypts what is stored encrypted
OLD_ENCRYPTION = "feelback-encrypt"
AES_GCM = b"\x01"  # the first byte of what AES-GCM encrypted
NONCE_BYTES = 12
OLD_NONCE_BYTES = OLD_MAC_BYTES = 16
MOST_BYTES = 64


def derive(secret: str, purpose: str) -> bytes:
    """The key of a purpose (at most 16 characters), 32 bytes; it reveals neither `secret` nor another purpose's key."""
    return blake2b(secret.encode(), digest_size=32, person=purpose.encode()).digest()


def encrypt(secret: str, about: bytes, value: bytes, most_bytes: int = MOST_BYTES) -> bytes:
    """Encrypt a value by AES-256-GCM: 29 bytes more. `about` says what it is, and must be the same to open it.

    Raises:
        ValueError: more than `most_bytes`, by default 64; the database takes no more.
    """
    if len(value) > most_bytes:
        raise ValueError(f"value must have at most {most_bytes} bytes")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return AES_GCM + nonce + AESGCM(derive(secret, ENCRYPTION)).encrypt(nonce, value, AES_GCM + about)


def decrypt(secrets_: Sequence[str], about: bytes, encrypted: bytes) -> tuple[str, bytes] | None:
    """The secret that `encrypted` was encrypted by, of those given, and the value; None if it was none of them."""
    for secret in secrets_:
        value = _open(secret, about, encrypted)
        if value is None:
            value = _open_old(secret, about, encrypted)
        if value is not None:
            return secret, value
    return None


def _open(secret: str, about: bytes, encrypted: bytes) -> bytes | None:
    nonce, text = encrypted[1 : 1 + NONCE_BYTES], encrypted[1 + NONCE_BYTES :]
    if encrypted[:1] != AES_GCM or len(nonce) < NONCE_BYTES:
        return None
    try:
        return AESGCM(derive(secret, ENCRYPTION)).decrypt(nonce, text, AES_GCM + about)
    except InvalidTag:
        return None


def _open_old(secret: str, about: bytes, encrypted: bytes) -> bytes | None:
    # Until 0140 a keystream and a MAC were made of BLAKE2b. Such values are encrypted anew when SECRET_KEY is replaced:
    # sooner, and the version that still serves while this one migrates could not open them.
    signed, mac = encrypted[:-OLD_MAC_BYTES], encrypted[-OLD_MAC_BYTES:]
    nonce, text = signed[:OLD_NONCE_BYTES], signed[OLD_NONCE_BYTES:]
    key = derive(secret, OLD_ENCRYPTION)
    if not hmac.compare_digest(mac, _hash(key, b"mac", about, signed)[:OLD_MAC_BYTES]):
        return None
    return bytes(a ^ b for a, b in zip(text, _hash(key, b"stream", about, nonce), strict=False))


def _hash(key: bytes, use: bytes, about: bytes, text: bytes) -> bytes:
    return blake2b(len(about).to_bytes(4, "big") + about + text, key=key, person=use).digest()
