"""How often somebody may try: counted in Postgres under keyed hashes, for all machines together."""

import hmac
from datetime import timedelta
from uuid import UUID

from app.errors import FeelbackError
from app.http.context import client_address, pool, settings
from app.queries import sign_in

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TRIES = {
    "address": (60, 10 * MINUTE),  # whatever one address sends without being signed in
    "key": (60, 10 * MINUTE),  # API keys that do not hold, from one address
    "guess": (10, MINUTE),  # passwords for one e-mail address, from one address
    "account": (100, HOUR),  # passwords for one e-mail address, from everywhere; a mailed link still lets in
    "mail": (5, HOUR),  # mails to one e-mail address
    "mails": (20, HOUR),  # mails that one address asks for
    "recap": (30, 10 * MINUTE),  # recaps that one person has drawn or mailed
    "invitations": (60, HOUR),  # mails that the members of one account have sent to people whom they invite
    "code": (10, HOUR),  # codes for one person: of six digits a thousand guesses find one in three hundred
}


async def take(kind: str, *of: bytes | str) -> None:
    """Takes one try of that kind.

    Raises:
        FeelbackError: 429 with Retry-After, where there is none left.
    """
    if not settings().limits:
        return
    parts = [part if isinstance(part, bytes) else part.lower().encode("utf-8", "replace") for part in (kind, *of)]
    key = hmac.digest(settings().secret_key.encode(), b"attempt\0" + b"\0".join(parts), "sha256")
    wait = await sign_in.take_attempt(pool(), key, *TRIES[kind])
    if wait:
        unit = f"{wait} second{'s' * (wait > 1)}" if wait < 120 else f"{-(-wait // 60)} minutes"
        message = f"Those were too many tries. Try again in {unit}."
        raise FeelbackError(429, message, headers={"retry-after": str(wait)})


async def take_password(email: str) -> None:
    """One more password is tried for that address."""
    await take("address", client_address())
    await take("guess", client_address(), email)
    await take("account", email)


async def take_mail(email: str) -> None:
    """One more mail is asked for to that address."""
    await take("mails", client_address())
    await take("mail", email)


async def take_invitation(account_id: UUID | None, *of: bytes | str) -> None:
    """One more invitation into that account is mailed, to whom `of` says."""
    await take("invitations", account_id.bytes if account_id else b"")
    await take("mail", *of)
