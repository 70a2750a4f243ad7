"""How the person who is signed in signs in: password, address, authenticator app, sessions. All by their session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class PersonSignIn:
    """How somebody signs in; `has_code` where a code was mailed to confirm that it is them."""

    id: UUID
    email: str
    password_hash: str | None
    totp_salt: bytes | None
    recovery_codes: int
    has_code: bool


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that somebody is signed in with."""

    id: UUID
    browser: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


async def person_sign_in(pool: db.Pool, session_hash: bytes | None) -> PersonSignIn:
    """How the person of a session signs in.

    Raises:
        FeelbackError: 401 where nobody is signed in.
    """
    (row,) = await db.many(pool, PersonSignIn, "select * from fn.person_sign_in($1)", session_hash)
    return row


async def person_sessions(pool: db.Pool, session_hash: bytes | None) -> list[Session]:
    """Where the person is signed in, this session first."""
    return await db.many(pool, Session, "select * from fn.person_sessions($1)", session_hash)


async def revoke_session(pool: db.Pool, session_hash: bytes | None, id: UUID) -> None:
    """Ends one of the person's sessions.

    Raises:
        FeelbackError: 404 where they have none of that id.
    """
    await db.value(pool, "select fn.revoke_session($1, $2)", session_hash, id)


async def revoke_other_sessions(pool: db.Pool, session_hash: bytes | None) -> None:
    """Ends all of the person's sessions but this one."""
    await db.value(pool, "select fn.revoke_other_sessions($1)", session_hash)


async def confirm_session(pool: db.Pool, session_hash: bytes | None) -> None:
    """They have just proved who they are."""
    await db.value(pool, "select fn.confirm_session($1)", session_hash)


async def confirm_by_factor(
    pool: db.Pool, session_hash: bytes | None, totp_step: int | None, recovery_hash: bytes | None
) -> bool:
    """Confirms by a code of the authenticator app or a recovery code; whether it was right."""
    return bool(await db.value(pool, "select fn.confirm_by_factor($1, $2, $3)", session_hash, totp_step, recovery_hash))


async def confirm_by_mail(pool: db.Pool, session_hash: bytes | None, code_hash: bytes) -> bool:
    """Confirms by the code that was mailed; whether it was right."""
    return bool(await db.value(pool, "select fn.confirm_by_mail($1, $2)", session_hash, code_hash))


async def request_confirmation_code(pool: db.Pool, session_hash: bytes | None, code_hash: bytes, code: str) -> None:
    """Mails a code to confirm with.

    Raises:
        FeelbackError: 403 where there is an authenticator app to confirm with.
    """
    await db.value(pool, "select fn.request_confirmation_code($1, $2, $3)", session_hash, code_hash, code)


async def update_password(pool: db.Pool, session_hash: bytes | None, password_hash: str) -> None:
    """Sets a new password; all other sessions end.

    Raises:
        FeelbackError: 403 where they have not confirmed who they are.
    """
    await db.value(pool, "select fn.update_password($1, $2)", session_hash, password_hash)


async def request_email_change(
    pool: db.Pool, session_hash: bytes | None, email: str, token_hash: bytes, url: str
) -> None:
    """Mails a link to a new address.

    Raises:
        FeelbackError: 403 where they have not confirmed who they are, 422 for what is no address.
    """
    await db.value(pool, "select fn.request_email_change($1, $2, $3, $4)", session_hash, email, token_hash, url)


async def enable_totp(
    pool: db.Pool, session_hash: bytes | None, totp_salt: bytes, totp_step: int, recovery_hashes: list[bytes]
) -> None:
    """Asks for codes of an authenticator app from now on.

    Raises:
        FeelbackError: 403 where they have not confirmed who they are, 409 where there is one already.
    """
    await db.value(pool, "select fn.enable_totp($1, $2, $3, $4)", session_hash, totp_salt, totp_step, recovery_hashes)


async def disable_totp(pool: db.Pool, session_hash: bytes | None) -> None:
    """Asks for no codes any more.

    Raises:
        FeelbackError: 403 where they have not confirmed who they are.
    """
    await db.value(pool, "select fn.disable_totp($1)", session_hash)


async def replace_recovery_codes(pool: db.Pool, session_hash: bytes | None, recovery_hashes: list[bytes]) -> None:
    """Gives new recovery codes.

    Raises:
        FeelbackError: 403 where they have not confirmed who they are, 409 where there is no authenticator app.
    """
    await db.value(pool, "select fn.replace_recovery_codes($1, $2)", session_hash, recovery_hashes)
