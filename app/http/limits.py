"""Limits on attempts: counted in Postgres under keyed hashes, for all machines together."""

import hmac
from datetime import timedelta
from uuid import UUID

from app.errors import FeelbackError
from app.http.context import client_address, pool, settings
from app.queries import sign_in

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TRIES = {
    "address": (60, 10 * MINUTE),  # requests of one address that are not signed in
    "key": (60, 10 * MINUTE),  # invalid API keys from one address
    "guess": (10, MINUTE),  # passwords for one e-mail address, from one address
    "account": (100, HOUR),  # passwords for one e-mail address, from everywhere; a mailed link still lets in
    "mail": (5, HOUR),  # mails to one e-mail address
    "mails": (20, HOUR),  # mails requested from one address
    "recap": (30, 10 * MINUTE),  # recaps that one person previews or sends
    "invitations": (60, HOUR),  # invitations mailed by the members of one account
    "code": (10, HOUR),  # codes for one person; 1,000 guesses find six digits once in 300 times
}


async def take(kind: str, *of: bytes | str) -> None:
    """Count one attempt of a kind in TRIES, by the parts in `of`.

    Raises:
        FeelbackError: 429 with Retry-After, if the limit is reached.
    """
    if not settings().limits:
        return
    parts = [part if isinstance(part, bytes) else part.lower().encode("utf-8", "replace") for part in (kind, *of)]
    key = hmac.digest(settings().secret_key.encode(), b"attempt\0" + b"\0".join(parts), "sha256")
    wait = await sign_in.take_attempt(pool(), key, *TRIES[kind])
    if wait:
        unit = f"{wait} second{'s' * (wait > 1)}" if wait < 120 else f"{-(-wait // 60)} minutes"
        raise FeelbackError(429, f"Too many attempts. Try again in {unit}.", headers={"retry-after": str(wait)})


async def take_password(email: str) -> None:
    """Count one attempt to sign in with a password."""
    await take("address", client_address())
    await take("guess", client_address(), email)
    await take("account", email)


async def take_mail(email: str) -> None:
    """Count one mail to an e-mail address."""
    await take("mails", client_address())
    await take("mail", email)


async def take_invitation(account_id: UUID | None, *of: bytes | str) -> None:
    """Count one invitation into an account, to the recipient in `of`."""
    await take("invitations", account_id.bytes if account_id else b"")
    await take("mail", *of)
