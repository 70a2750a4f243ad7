"""Keys derived from SECRET_KEY, each for one purpose, and short values encrypted by such a key.

While SECRET_KEY is being replaced there are several: the first signs and encrypts, each is accepted.
"""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import blake2b

TOKEN = "feelback-token"  # noqa: S105 - a purpose; signs the tokens of responses
CLAIM = "feelback-claim"  # the code that claims the installation
VISITOR = "feelback-visitor"  # hashes visitors; stored encrypted, so that it outlives SECRET_KEY
ENCRYPTION = "feelback-encrypt"  # encrypts what is stored encrypted
NONCE_BYTES = MAC_BYTES = 16
MOST_BYTES = 64


def derive(secret: str, purpose: str) -> bytes:
    """The key of a purpose (at most 16 characters), 32 bytes; it reveals neither `secret` nor another purpose's key."""
    return blake2b(secret.encode(), digest_size=32, person=purpose.encode()).digest()


def encrypt(secret: str, about: bytes, value: bytes) -> bytes:
    """Encrypt at most 64 bytes: nonce, ciphertext and MAC. `about` says what it is, and must be the same to open it.

    The keystream and the MAC are BLAKE2b under a derived key, which saves a library for values of at most one block.
    """
    if len(value) > MOST_BYTES:
        raise ValueError(f"value must have at most {MOST_BYTES} bytes")
    key, nonce = derive(secret, ENCRYPTION), secrets.token_bytes(NONCE_BYTES)
    text = _xor(value, _hash(key, b"stream", about, nonce))
    return nonce + text + _hash(key, b"mac", about, nonce + text)[:MAC_BYTES]


def decrypt(secrets_: Sequence[str], about: bytes, encrypted: bytes) -> tuple[str, bytes] | None:
    """The secret that `encrypted` was encrypted by, of those given, and the value; None if it was none of them."""
    nonce, text, mac = encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:-MAC_BYTES], encrypted[-MAC_BYTES:]
    for secret in secrets_:
        key = derive(secret, ENCRYPTION)
        if hmac.compare_digest(mac, _hash(key, b"mac", about, nonce + text)[:MAC_BYTES]):
            return secret, _xor(text, _hash(key, b"stream", about, nonce))
    return None


def _hash(key: bytes, use: bytes, about: bytes, text: bytes) -> bytes:
    return blake2b(len(about).to_bytes(4, "big") + about + text, key=key, person=use).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
