"""Passwords: argon2id in threads, equally slow whether or not the person exists."""

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
# Hashing takes 64 MiB; two at once is as much as a small machine's memory allows.
_threads = ThreadPoolExecutor(2, thread_name_prefix="password")


def _stranger() -> str:
    """A hash that matches no password and takes as long to verify as any other."""
    salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


_STRANGER = _stranger()


def fault(password: str, email: str) -> str:
    """Why the password is not acceptable, or an empty text. Rules: its length, and no common password."""
    if len(password) < LEAST_CHARS:
        return f"Password must have at least {LEAST_CHARS} characters."
    if len(password) > MOST_CHARS:
        return f"Password must have at most {MOST_CHARS:,} characters."
    guess = password.lower()
    if guess in _common() or len(set(guess)) == 1:
        return "This password is too common. Choose another one."
    if guess in (email.lower(), email.lower().partition("@")[0]):
        return "Password must not be your email address."
    return ""


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())


async def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password has that hash. Without a hash it takes as long and is False."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _matches, password[: MOST_CHARS + 1], password_hash)


def _matches(password: str, password_hash: str | None) -> bool:
    try:
        _hasher.verify(password_hash or _STRANGER, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None and len(password) <= MOST_CHARS
