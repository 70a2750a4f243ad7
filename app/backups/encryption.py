"""Encryption of backups by `age` or `gpg`, as each reads one stream and writes another."""

from pathlib import Path

from app.config.parse import Encryption
from app.errors import FeelbackError

GPG = ("gpg", "--batch", "--quiet", "--no-tty")


def encrypting(encryption: Encryption) -> list[list[str]]:
    """The programs that encrypt what they read; none where nothing is encrypted."""
    if encryption.program == "age":
        return [["age", "--encrypt", "--recipient", encryption.recipient]]
    if encryption.program == "gpg":
        options = ["--trust-model", "always", "--compress-algo", "none"]  # it is compressed already
        return [[*GPG, *options, "--encrypt", "--recipient", encryption.recipient]]
    return []


def decrypting(program: str, identity: Path | None) -> list[list[str]]:
    """The programs that decrypt what they read; `identity` is age's file of keys, gpg has its keyring.

    Raises:
        FeelbackError: 422 where age has no identity.
    """
    if program == "age":
        if identity is None:
            raise FeelbackError(422, "The backup is encrypted with age.", hint="Name your keys: --identity FILE.")
        return [["age", "--decrypt", "--identity", str(identity)]]
    return [[*GPG, "--decrypt"]] if program == "gpg" else []
