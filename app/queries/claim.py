"""Claiming the installation, and its operators."""

from dataclasses import dataclass

from app.database import db


@dataclass(frozen=True, slots=True)
class ClaimState:
    """Whether the installation is claimed, the demo is loaded, and the session is of a member of the demo."""

    is_claimed: bool
    has_demo: bool
    is_demo_session: bool


async def claim_state(pool: db.Pool, session_hash: bytes | None) -> ClaimState:
    """What an installation serves depends on this."""
    return await db.row(pool, ClaimState, "select * from fn.claim_state($1)", session_hash)


async def claim_installation(
    pool: db.Pool,
    email: str,
    name: str,
    password_hash: str,
    session_hash: bytes,
    old_session_hash: bytes | None,
    browser: str,
) -> None:
    """Claim the installation, sign up its operator with an account, and sign in.

    Raises:
        FeelbackError: 409 for a claimed one or the demo's address, 422 for an invalid address or name.
    """
    sql = "select fn.claim_installation($1, $2, $3, $4, $5, $6)"
    await db.value(pool, sql, email, name, password_hash, session_hash, old_session_hash, browser)


async def is_fresh(pool: db.Pool) -> bool:
    """Whether nobody has claimed this installation yet."""
    return bool(await db.value(pool, "select fn.is_fresh()"))


async def update_operator(pool: db.Pool, email: str, is_operator: bool) -> None:
    """Make a person an operator, or no longer.

    Raises:
        FeelbackError: 404 for an unknown address, 409 for the only operator and for the demo's owner.
    """
    await db.value(pool, "select fn.update_operator($1, $2)", email, is_operator)


async def operators(pool: db.Pool) -> list[str]:
    """Addresses of the operators."""
    return list(await db.value(pool, "select coalesce(array_agg(o.email), '{}') from fn.operators() as o"))
