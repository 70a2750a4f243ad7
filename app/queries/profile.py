"""Sign-in settings of the signed-in person: password, address, authenticator app, sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class PersonSignIn:
    """Sign-in settings; `has_code` if a confirmation code was mailed."""

    id: UUID
    email: str
    password_hash: str | None
    totp_salt: bytes | None
    recovery_codes: int
    has_code: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in."""

    id: UUID
    browser: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A browser in which the person has signed in; `last_seen_at` is their last sign-in."""

    id: UUID
    browser: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


async def person_sign_in(pool: db.Pool, session_hash: bytes | None) -> PersonSignIn:
    """Sign-in settings of a session's person.

    Raises:
        FeelbackError: 401 where nobody is signed in.
    """
    (row,) = await db.many(pool, PersonSignIn, "select * from fn.person_sign_in($1)", session_hash)
    return row


async def person_sessions(pool: db.Pool, session_hash: bytes | None) -> list[Session]:
    """The person's sessions, this one first."""
    return await db.many(pool, Session, "select * from fn.person_sessions($1)", session_hash)


async def revoke_session(pool: db.Pool, session_hash: bytes | None, id: UUID) -> None:
    """Revoke one of the person's sessions.

    Raises:
        FeelbackError: 404 where the person has no such session.
    """
    await db.value(pool, "select fn.revoke_session($1, $2)", session_hash, id)


async def revoke_other_sessions(pool: db.Pool, session_hash: bytes | None) -> None:
    """Revoke all of the person's sessions but this one."""
    await db.value(pool, "select fn.revoke_other_sessions($1)", session_hash)


async def person_devices(pool: db.Pool, session_hash: bytes | None, device_hash: bytes | None) -> list[KnownDevice]:
    """The person's known devices, this one first."""
    return await db.many(pool, KnownDevice, "select * from fn.person_devices($1, $2)", session_hash, device_hash)


async def remove_device(pool: db.Pool, session_hash: bytes | None, id: UUID) -> None:
    """Remove one of the person's known devices.

    Raises:
        FeelbackError: 404 where the person has no such device.
    """
    await db.value(pool, "select fn.remove_device($1, $2)", session_hash, id)


async def confirm_session(pool: db.Pool, session_hash: bytes | None) -> None:
    """Record a fresh confirmation."""
    await db.value(pool, "select fn.confirm_session($1)", session_hash)


async def confirm_by_factor(
    pool: db.Pool, session_hash: bytes | None, totp_step: int | None, recovery_hash: bytes | None
) -> bool:
    """Confirm by a code of the authenticator app or a recovery code; False for a wrong one."""
    return bool(await db.value(pool, "select fn.confirm_by_factor($1, $2, $3)", session_hash, totp_step, recovery_hash))


async def confirm_by_mail(pool: db.Pool, session_hash: bytes | None, code_hash: bytes) -> bool:
    """Confirm by the mailed code; False for a wrong one."""
    return bool(await db.value(pool, "select fn.confirm_by_mail($1, $2)", session_hash, code_hash))


async def request_confirmation_code(pool: db.Pool, session_hash: bytes | None, code_hash: bytes, code: str) -> None:
    """Mail a confirmation code.

    Raises:
        FeelbackError: 403 where there is an authenticator app to confirm with.
    """
    await db.value(pool, "select fn.request_confirmation_code($1, $2, $3)", session_hash, code_hash, code)


async def update_password(pool: db.Pool, session_hash: bytes | None, password_hash: str) -> None:
    """Set a new password and revoke all other sessions.

    Raises:
        FeelbackError: 403 without a fresh confirmation.
    """
    await db.value(pool, "select fn.update_password($1, $2)", session_hash, password_hash)


async def request_email_change(
    pool: db.Pool, session_hash: bytes | None, email: str, token_hash: bytes, url: str
) -> None:
    """Mail a link to the new address.

    Raises:
        FeelbackError: 403 without a fresh confirmation, 422 for an invalid address.
    """
    await db.value(pool, "select fn.request_email_change($1, $2, $3, $4)", session_hash, email, token_hash, url)


async def enable_totp(
    pool: db.Pool, session_hash: bytes | None, totp_salt: bytes, totp_step: int, recovery_hashes: list[bytes]
) -> None:
    """Require codes of an authenticator app.

    Raises:
        FeelbackError: 403 without a fresh confirmation, 409 where there is one already.
    """
    await db.value(pool, "select fn.enable_totp($1, $2, $3, $4)", session_hash, totp_salt, totp_step, recovery_hashes)


async def disable_totp(pool: db.Pool, session_hash: bytes | None) -> None:
    """Stop requiring codes of an authenticator app.

    Raises:
        FeelbackError: 403 without a fresh confirmation.
    """
    await db.value(pool, "select fn.disable_totp($1)", session_hash)


async def replace_recovery_codes(pool: db.Pool, session_hash: bytes | None, recovery_hashes: list[bytes]) -> None:
    """Replace the recovery codes.

    Raises:
        FeelbackError: 403 without a fresh confirmation, 409 where there is no authenticator app.
    """
    await db.value(pool, "select fn.replace_recovery_codes($1, $2)", session_hash, recovery_hashes)
