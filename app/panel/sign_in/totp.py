"""Codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds), and the recovery codes that stand in for them.

The standard library does it in a few lines, which the RFC's vectors check; a library would be one more to trust.
"""

import base64
import hmac
import secrets
import struct
from hashlib import sha256
from urllib.parse import quote, urlencode
from uuid import UUID

import segno

SALT_BYTES = 16
STEP_SECONDS = 30
RECOVERY_CODES = 10


def secret(key: str, person_id: UUID, salt: bytes) -> bytes:
    """What the app and we share: made of the installation's key, so that the database alone gives no codes."""
    return hmac.digest(key.encode(), b"totp" + person_id.bytes + salt, "sha256")[:20]


def code(secret: bytes, step: int, digits: int = 6) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def step_of(secret: bytes, given: str, now: float) -> int | None:
    """The time step that a code is of: now's, the one before or the one after; None where it is of none."""
    here = int(now) // STEP_SECONDS
    found = [step for step in (here - 1, here, here + 1) if hmac.compare_digest(code(secret, step), given)]
    return found[-1] if found else None


def text(secret: bytes) -> str:
    """The secret as one types it into an app."""
    return base64.b32encode(secret).decode()


def qr_svg(secret: bytes, email: str) -> str:
    """The secret as a picture that an app reads, drawn here: it goes to nobody else."""
    label = quote(f"Feelback:{email}", safe=":@")
    address = f"otpauth://totp/{label}?{urlencode({'secret': text(secret), 'issuer': 'Feelback'})}"
    svg = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return str(svg)


def recovery_codes() -> list[str]:
    """New recovery codes, of 80 bits each: as good as unguessable, even from their hashes."""
    return [_grouped(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES)]


def plain(given: str) -> str:
    """A code as it was typed, without what people put between its parts."""
    return "".join(given.split()).replace("-", "").lower()


def recovery_hash(given: str) -> bytes:
    """Under what the database knows a recovery code."""
    return sha256(plain(given).encode("utf-8", "replace")).digest()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
