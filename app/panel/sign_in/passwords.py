"""Passwords: argon2id, away from the event loop, and as slow for a person who does not exist as for one who does."""

import asyncio
import base64
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_CHARS = 8
MOST_CHARS = 1000
_hasher = PasswordHasher(type=Type.ID)
# Each hash takes 64 MiB while it is made; two at once are as many as the memory of a small machine bears.
_threads = ThreadPoolExecutor(2, thread_name_prefix="password")


def _stranger() -> str:
    """A hash that no password has, which takes as long to check as any."""
    salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


_STRANGER = _stranger()


def fault(password: str, email: str) -> str:
    """Why this cannot be the password of that person, or nothing: length and what everybody guesses, no other rules."""
    if len(password) < LEAST_CHARS:
        return f"The password must have {LEAST_CHARS} characters or more."
    if len(password) > MOST_CHARS:
        return f"The password must have {MOST_CHARS} characters at most."
    guess = password.lower()
    if guess in _common() or len(set(guess)) == 1:
        return "This password is one of the first that anybody would try. Choose another one."
    if guess in (email.lower(), email.lower().partition("@")[0]):
        return "The password must not be your e-mail address."
    return ""


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())


async def hashed(password: str) -> str:
    """The hash under which a password is kept."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one of that hash; with no hash the answer takes as long, and is no."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _matches, password[: MOST_CHARS + 1], password_hash)


def _matches(password: str, password_hash: str | None) -> bool:
    try:
        _hasher.verify(password_hash or _STRANGER, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None and len(password) <= MOST_CHARS
