"""Encryption of backups by `age` or `gpg`, as each reads one stream and writes another."""

import re
from pathlib import Path
from typing import NamedTuple

from app.errors import FeelbackError

GPG = ("gpg", "--batch", "--quiet", "--no-tty")


class Encryption(NamedTuple):
    """By which program ("", "age" or "gpg"), and for whom."""

    program: str
    recipient: str

    def commands(self) -> list[list[str]]:
        """The programs that encrypt what they read; none where nothing is encrypted."""
        if self.program == "age":
            return [["age", "--encrypt", "--recipient", self.recipient]]
        if self.program == "gpg":
            options = ["--trust-model", "always", "--compress-algo", "none"]  # it is compressed already
            return [[*GPG, *options, "--encrypt", "--recipient", self.recipient]]
        return []


NONE = Encryption("", "")


def parsed(text: str) -> Encryption:
    """The encryption in a text such as age:age1… or gpg:me@example.com.

    Raises:
        ValueError: it is none.
    """
    program, _, recipient = text.partition(":")
    if program not in ("age", "gpg") or not re.fullmatch(r"[0-9A-Za-z@+_.][0-9A-Za-z@ +/=_.-]*", recipient):
        raise ValueError("age:RECIPIENT or gpg:KEY, such as gpg:backups@example.com")
    return Encryption(program, recipient)


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
