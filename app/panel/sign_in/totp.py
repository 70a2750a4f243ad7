"""TOTP secrets, their QR code, and recovery codes.

Codes are those of RFC 6238 with SHA-1, 6 digits and 30 seconds, which every authenticator app supports.
"""

import base64
import secrets
from hashlib import sha256

import pyotp
from pyotp.exceptions import OTPVerificationError

RECOVERY_CODES = 10


def matching_step(secret: bytes, code: str, now: float) -> int | None:
    """The time step of a code, at most one away from that of `now` (Unix seconds); None if it matches none."""
    try:
        return pyotp.TOTP(text(secret)).verify_and_get_timecode(code, for_time=now, valid_window=1)
    except OTPVerificationError:
        return None


def text(secret: bytes) -> str:
    """The secret in base32, for typing into an app."""
    return base64.b32encode(secret).decode()


def qr_svg(secret: bytes, email: str) -> str:
    """The secret as a QR code in SVG, rendered here so that no other service sees it."""
    import segno  # loaded with the first code: it takes 1.3 MB

    address = pyotp.TOTP(text(secret)).provisioning_uri(name=email, issuer_name="Feelback")
    svg = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return str(svg)


def recovery_codes() -> list[str]:
    """New recovery codes of 80 bits each, too many to guess even from their hashes."""
    return [_grouped(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES)]


def plain(code: str) -> str:
    """A code without spaces and hyphens, in lower case."""
    return "".join(code.split()).replace("-", "").lower()


def recovery_hash(code: str) -> bytes:
    """SHA-256 of a recovery code, as the database stores it."""
    return sha256(plain(code).encode("utf-8", "replace")).digest()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
