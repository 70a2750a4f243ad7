"""The token that lets its holder edit or remove one response until a given time.

It is signed, not stored: its widget, its end and a MAC over them and the response's id, so that it can be verified
without a look-up and sent twice without harm.
"""

import base64
import binascii
import hmac
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from app.config import keys
from app.errors import FeelbackError

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
FOREVER_MS = 253_370_764_800_000  # 9999-01-01, as far as every client's calendar goes


@dataclass(frozen=True, slots=True)
class Claim:
    """The content of a valid token: widget id (16 bytes) and expiry (milliseconds since 1970)."""

    widget_id: bytes
    expires_ms: int


class Tokens:
    """Creates tokens with a key derived from the first secret key, and verifies those of each."""

    def __init__(self, *secret_keys: str) -> None:
        self._keyed = [blake2b(key=keys.derive(key, keys.TOKEN), digest_size=16) for key in secret_keys]

    def make(self, response_id: bytes, widget_id: bytes, expires_ms: int) -> str:
        """The token of a response (both ids 16 bytes) that ends at `expires_ms`."""
        claim = widget_id + expires_ms.to_bytes(6, "big")
        encoded = binascii.b2a_base64(claim + self._mac(self._keyed[0], response_id, claim), newline=False)
        return encoded.translate(_URL_SAFE).decode()[:51]

    def read(self, response_id: bytes, token: object) -> Claim:
        """Verify `token` for a response.

        Raises:
            FeelbackError: 403 if it is invalid, another response's or expired (then `data.closedAt` says since when).
        """
        try:
            raw = base64.b64decode(str(token) + "=", altchars=b"-_", validate=True) if type(token) is str else b""
        except (binascii.Error, ValueError):
            raw = b""
        claim, mac = raw[:22], raw[22:]
        is_ours = any(hmac.compare_digest(mac, self._mac(keyed, response_id, claim)) for keyed in self._keyed)
        if not is_ours or len(claim) != 22:
            raise FeelbackError(403, "The token does not belong to this response.")
        expires_ms = int.from_bytes(claim[16:], "big")
        if expires_ms <= time.time() * 1000:
            closed = iso(expires_ms)
            raise FeelbackError(403, f"This response could be edited or removed until {closed}.", closedAt=closed)
        return Claim(claim[:16], expires_ms)

    @staticmethod
    def _mac(keyed: blake2b, response_id: bytes, claim: bytes) -> bytes:
        mac = keyed.copy()
        mac.update(response_id + claim)
        return mac.digest()


def iso(ms: int) -> str:
    """A time in milliseconds since 1970 as ISO 8601 in UTC."""
    return f"{_second(ms // 1000)}.{ms % 1000:03}Z"


@lru_cache(maxsize=1000)  # a busy second's responses all end in one
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
