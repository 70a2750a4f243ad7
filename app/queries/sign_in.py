"""Sign-up and sign-in: links, the second step, rate limits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class Link:
    """Purpose of a mailed link, and the address it was sent to."""

    purpose: str
    email: str


@dataclass(frozen=True, slots=True)
class SecondStep:
    """A person between the two steps of signing in."""

    person_id: UUID
    totp_salt: bytes


@dataclass(frozen=True, slots=True)
class DevicePerson:
    """A person who has signed in on a device; their address is in lower case."""

    person_id: UUID
    email: str


async def device_people(pool: db.Pool, device_hash: bytes) -> list[DevicePerson]:
    """Who has signed in on a device, the last first."""
    return await db.many(pool, DevicePerson, "select * from fn.device_people($1)", device_hash)


async def remember_device(pool: db.Pool, session_hash: bytes | None, device_hash: bytes, browser: str) -> None:
    """Make a device known for the person of a session."""
    await db.value(pool, "select fn.remember_device($1, $2, $3)", session_hash, device_hash, browser)


async def take_attempt(pool: db.Pool, key: bytes, tries: int, period: timedelta) -> int:
    """Count one of `tries` attempts per period; returns 0, or the seconds until the next is allowed."""
    return int(await db.value(pool, "select fn.take_attempt($1, $2, $3)", key, tries, period))


async def may_sign_up(pool: db.Pool, signup: str) -> bool:
    """Whether anybody may sign up, under that setting."""
    return bool(await db.value(pool, "select fn.may_sign_up($1)", signup))


async def sign_up(pool: db.Pool, email: str, token_hash: bytes, url: str, signup: str) -> None:
    """Mail a link to sign up, or a notice that the address has signed up already.

    Raises:
        FeelbackError: 422 for an invalid address, 403 where nobody may sign up.
    """
    await db.value(pool, "select fn.sign_up($1, $2, $3, $4)", email, token_hash, url, signup)


async def request_link(pool: db.Pool, email: str, purpose: str, token_hash: bytes, url: str) -> None:
    """Mail a link to sign in with (magic_link) or set a password with (reset), if somebody has the address.

    Raises:
        FeelbackError: 422 for an invalid address.
    """
    await db.value(pool, "select fn.request_link($1, $2, $3, $4)", email, purpose, token_hash, url)


async def link(pool: db.Pool, token_hash: bytes) -> Link | None:
    """A mailed link, without using it; None if it was used or has expired."""
    return await db.one(pool, Link, "select * from fn.link($1)", token_hash)


async def verify_person(
    pool: db.Pool,
    token_hash: bytes,
    name: str,
    password_hash: str | None,
    signup: str,
    session_hash: bytes,
    old_session_hash: bytes | None,
    browser: str,
) -> None:
    """Finish signing up by a mailed link: create the account and sign in.

    Raises:
        FeelbackError: 404 for an invalid link, 403 where nobody may sign up any more, 422 for a bad name.
    """
    await db.value(
        pool,
        "select fn.verify_person($1, $2, $3, $4, $5, $6, $7)",
        token_hash,
        name,
        password_hash,
        signup,
        session_hash,
        old_session_hash,
        browser,
    )


async def record_failed_sign_in(pool: db.Pool, email: str, browser: str) -> None:
    """Record a wrong password in the audit logs of the address's person, if there is one."""
    await db.value(pool, "select fn.record_failed_sign_in($1, $2)", email, browser)


async def sign_in(
    pool: db.Pool, person_id: UUID, session_hash: bytes, old_session_hash: bytes | None, browser: str
) -> bool:
    """Sign in; False if the second step is still required."""
    return bool(
        await db.value(pool, "select fn.sign_in($1, $2, $3, $4)", person_id, session_hash, old_session_hash, browser)
    )


async def use_magic_link(
    pool: db.Pool, token_hash: bytes, session_hash: bytes, old_session_hash: bytes | None, browser: str
) -> bool:
    """Sign in by a mailed link; False if the second step is still required.

    Raises:
        FeelbackError: 404 for an invalid link.
    """
    return bool(
        await db.value(
            pool, "select fn.use_magic_link($1, $2, $3, $4)", token_hash, session_hash, old_session_hash, browser
        )
    )


async def second_step(pool: db.Pool, token_hash: bytes) -> SecondStep | None:
    """The person between the two steps of signing in; None if the first step has expired."""
    return await db.one(pool, SecondStep, "select * from fn.second_step($1)", token_hash)


async def finish_sign_in(
    pool: db.Pool,
    token_hash: bytes,
    totp_step: int | None,
    recovery_hash: bytes | None,
    session_hash: bytes,
    old_session_hash: bytes | None,
    browser: str,
) -> bool:
    """Finish signing in; False for a wrong code."""
    return bool(
        await db.value(
            pool,
            "select fn.finish_sign_in($1, $2, $3, $4, $5, $6)",
            token_hash,
            totp_step,
            recovery_hash,
            session_hash,
            old_session_hash,
            browser,
        )
    )


async def reset_password(
    pool: db.Pool, token_hash: bytes, password_hash: str, device_hash: bytes | None, browser: str
) -> None:
    """Set a new password by a mailed link, and revoke all sessions and all known devices but this one.

    Raises:
        FeelbackError: 404 for an invalid link.
    """
    sql = "select fn.reset_password($1, $2, _device_hash => $3, _browser => $4)"
    await db.value(pool, sql, token_hash, password_hash, device_hash, browser)


async def use_email_change(pool: db.Pool, token_hash: bytes) -> None:
    """Change a person's address by the link mailed to the new one.

    Raises:
        FeelbackError: 404 for an invalid link, 409 if somebody has the address by now.
    """
    await db.value(pool, "select fn.use_email_change($1)", token_hash)


async def issue_magic_link(pool: db.Pool, email: str, token_hash: bytes, create: bool, delete_totp: bool) -> Any:
    """Issue a link that signs in the person of an address; `create` signs them up first. Returns its expiry.

    Raises:
        FeelbackError: 404 where nobody has the address, 422 for an invalid address.
    """
    return await db.value(pool, "select fn.issue_magic_link($1, $2, $3, $4)", email, token_hash, create, delete_totp)
