"""Commands that encrypt and decrypt backups with `age` or `gpg`, from standard input to standard output."""

import subprocess
from pathlib import Path

from app.config.parse import Encryption
from app.errors import FeelbackError

GPG = ("gpg", "--batch", "--quiet", "--no-tty")


def encrypt_commands(encryption: Encryption) -> list[list[str]]:
    """The commands that encrypt; none if backups are not encrypted."""
    if encryption.program == "age":
        return [["age", "--encrypt", "--recipient", encryption.recipient]]
    if encryption.program == "gpg":
        options = ["--trust-model", "always", "--compress-algo", "none"]  # what it encrypts is compressed already
        # A file needs no keyring, which the image does not have.
        recipient = "--recipient-file" if encryption.recipient.startswith("/") else "--recipient"
        return [[*GPG, *options, "--no-auto-key-locate", "--encrypt", recipient, encryption.recipient]]
    return []


def decrypt_commands(program: str, identity: Path | None) -> list[list[str]]:
    """The commands that decrypt. `identity` is age's file of keys; gpg uses its keyring.

    Raises:
        FeelbackError: 422 if age has no identity.
    """
    if program == "age":
        if identity is None:
            raise FeelbackError(422, "The backup is encrypted with age.", hint="Add your keys: --identity FILE.")
        return [["age", "--decrypt", "--identity", str(identity)]]
    return [[*GPG, "--decrypt"]] if program == "gpg" else []


def can_decrypt(program: str, identity: Path | None) -> bool:
    """Whether there is a key here; of gpg any private key in the keyring."""
    if program == "gpg":
        try:
            return bool(subprocess.run([*GPG, "--list-secret-keys"], capture_output=True).stdout)
        except OSError:
            return False
    return program != "age" or identity is not None
