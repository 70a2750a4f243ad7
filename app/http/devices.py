"""Known devices: browsers in which people have signed in, by a signed cookie that outlives their sessions."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from quart import Response, request

from app.http.context import pool, settings
from app.queries import sign_in
from app.queries.sign_in import DevicePerson

SECONDS = 400 * 24 * 60 * 60  # as long as browsers store a cookie
BYTES = 32


@dataclass(frozen=True, slots=True)
class Device:
    """The device of a request: the SHA-256 of its token, and who has signed in on it."""

    hash: bytes
    people: tuple[DevicePerson, ...]

    def knows(self, who: str | bytes) -> bool:
        """Whether a person, by their email address or the bytes of their id, has signed in on it."""
        return any(who in (person.email, person.person_id.bytes) for person in self.people)


async def find() -> Device | None:
    """Return the device whose cookie the request has, if anybody has signed in on it."""
    token = _token()
    if not token:
        return None
    hash = _digest(token)
    people = await sign_in.device_people(pool(), hash)
    return Device(hash, tuple(people)) if people else None


def hash() -> bytes | None:
    """Return the SHA-256 of the device's token, or None without a cookie that we signed."""
    token = _token()
    return _digest(token) if token else None


def issue(response: Response) -> bytes:
    """Set the device's cookie, with the token that it has or a new one; returns the token's SHA-256."""
    token = _token() or secrets.token_urlsafe(BYTES)
    is_https = settings().base_url.startswith("https://")
    response.set_cookie(
        _name(), _signer().sign(token).decode(), max_age=SECONDS, path="/", secure=is_https, httponly=True,
        samesite="Lax",
    )  # fmt: skip
    return _digest(token)


def _token() -> str:
    try:
        return _signer().unsign(request.cookies.get(_name(), "").encode("utf-8", "replace")).decode()
    except BadSignature:
        return ""


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _signer() -> Signer:
    return Signer(settings().secret_key, salt="device", digest_method=sha256)


def _name() -> str:
    return "__Host-feelback-device" if settings().base_url.startswith("https://") else "feelback-device"
