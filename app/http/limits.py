"""Limits on attempts: counted in Postgres under keyed hashes, for all machines together.

What others do keeps nobody out. A device on which a person has signed in has budgets of its own. Elsewhere a budget
that others have used up leaves each network a smaller one.
"""

import hmac
from datetime import timedelta
from uuid import UUID

from app.errors import FeelbackError
from app.http import devices
from app.http.client_address import network
from app.http.context import client_address, pool, settings
from app.queries import sign_in

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TRIES = {
    "address": (60, 10 * MINUTE),  # requests of one address, or one known device, that are not signed in
    "key": (60, 10 * MINUTE),  # invalid API keys from one address
    "guess": (10, MINUTE),  # passwords for one email address, from one address
    "account": (100, HOUR),  # passwords for one email address, from everywhere; then networks have few each
    "slowed": (3, HOUR),  # passwords for one email address, from one network, once "account" is used up
    "device": (30, HOUR),  # passwords or codes for one person, from a device on which they have signed in
    "mail": (5, HOUR),  # mails for one purpose to one email address, requested by one sender
    "mailbox": (10, HOUR),  # mails for one purpose to one email address, requested by everybody
    "device_mail": (20, HOUR),  # mails for one purpose, requested on a device on which the recipient has signed in
    "mails": (20, HOUR),  # mails requested from one address
    "recap": (30, 10 * MINUTE),  # recaps that one person previews or sends
    "invitations": (60, HOUR),  # invitations mailed by the members of one account
    "replies": (100, HOUR),  # replies mailed by the members of one account, to addresses that anybody may have entered
    "code": (10, HOUR),  # codes for one person; 1,000 guesses find six digits once in 300 times
}


async def take(kind: str, *of: bytes | str) -> None:
    """Count one attempt of a kind in TRIES, by the parts in `of`.

    Raises:
        FeelbackError: 429 with Retry-After, if the limit is reached.
    """
    wait = await _count(kind, *of)
    if wait:
        unit = f"{wait} second{'s' * (wait > 1)}" if wait < 120 else f"{-(-wait // 60)} minutes"
        raise FeelbackError(429, f"Too many attempts. Try again in {unit}.", headers={"retry-after": str(wait)})


async def take_address() -> None:
    """Count one request that is not signed in, by its known device or else its address."""
    device = await devices.find()
    await take("address", device.hash if device else client_address())


async def take_password(email: str) -> None:
    """Count one attempt to sign in with a password."""
    device = await devices.find()
    if device is not None and device.knows(email):
        await take("device", device.hash, email)
        return
    await take("address", client_address())
    await take("guess", client_address(), email)
    if await _count("account", email):
        await take("slowed", network(client_address()), email)


async def take_code(person_id: UUID) -> None:
    """Count one code of a person who has entered their password or is signed in."""
    device = await devices.find()
    if device is not None and device.knows(person_id.bytes):
        await take("device", device.hash, person_id.bytes)
    else:
        await take("code", person_id.bytes)


async def take_mail(purpose: str, email: str, sender: UUID | None = None) -> None:
    """Count one mail to an email address, requested by an account or a person who is signed in, or by anybody."""
    if sender is None:
        device = await devices.find()
        if device is not None and device.knows(email):
            await take("device_mail", purpose, device.hash)
            return
        await take("mails", client_address())
    await take("mail", purpose, email, sender.bytes if sender else network(client_address()))
    await take("mailbox", purpose, email)


async def take_invitation(account_id: UUID | None, recipient: str) -> None:
    """Count one invitation into an account, to an email address or the id of an invitation."""
    await take("invitations", account_id.bytes if account_id else b"")
    await take_mail("invitation", recipient, account_id)


async def take_reply(account_id: UUID | None) -> None:
    """Count one reply of an account."""
    await take("replies", account_id.bytes if account_id else b"")


async def _count(kind: str, *of: bytes | str) -> int:
    # 0, or the seconds until the next attempt is allowed.
    if not settings().limits:
        return 0
    parts = [part if isinstance(part, bytes) else part.lower().encode("utf-8", "replace") for part in (kind, *of)]
    key = hmac.digest(settings().secret_key.encode(), b"attempt\0" + b"\0".join(parts), "sha256")
    return await sign_in.take_attempt(pool(), key, *TRIES[kind])
