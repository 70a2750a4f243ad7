"""The archive of write-ahead log (WAL): each file that Postgres hands to `archive_command`, compressed and encrypted.

A file is stored as NAME-DIGEST.gz, with the first 16 hexadecimal digits of the SHA-256 of its content, so that a file
that is archived twice is recognised although encrypting it again gives other bytes.
"""

import hashlib
import os
import re
from pathlib import Path

from app.backups import pipes
from app.backups.encryption import decrypt_commands, encrypt_commands
from app.backups.stores import Store
from app.config.parse import Encryption
from app.errors import FeelbackError

NAME = re.compile(r"[0-9A-F]{24}(\.partial|\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history")
STORED = re.compile(rf"({NAME.pattern})-([0-9a-f]{{16}})\.gz(?:\.(age|gpg))?")
DIGITS = 16


def archive(store: Store, path: Path, encryption: Encryption) -> bool:
    """Store a file of WAL; False if it is stored already.

    Raises:
        FeelbackError: 409 if another file of that name is stored, 422 if it is none of WAL, 500 if storing fails.
    """
    name = path.name
    if not NAME.fullmatch(name):
        raise FeelbackError(422, f"{name} is not the name of a file of WAL.", hint="Set archive_command to `… wal %p`.")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:DIGITS]
    except OSError as error:
        raise FeelbackError(500, f"{path} cannot be read: {error.strerror}.") from error
    if stored := _stored(store, name):
        if stored[1] == digest:
            return False
        raise FeelbackError(
            409, f"The archive has another {name}.", hint="Give each Postgres server a place of its own."
        )
    suffix = f".{encryption.program}" if encryption.program else ""
    commands = [["gzip", "-1", "--stdout", str(path)], *encrypt_commands(encryption)]
    store.write(f"{name}-{digest}.gz{suffix}", pipes.read(commands))
    return True


def fetch(store: Store, name: str, path: Path, identity: Path | None) -> bool:
    """Write a file of the archive to `path`; False if the archive does not have it.

    Raises:
        FeelbackError: 422 if it is broken, 500 if the storage or a program fails.
    """
    if not NAME.fullmatch(name) or not (stored := _stored(store, name)):
        return False
    file, digest, program = stored
    draft = path.with_name(f"{path.name}.draft")
    commands = [*decrypt_commands(program, identity), ["gzip", "--decompress", "--stdout"]]
    pipes.write([*commands, ["dd", f"of={draft}", "bs=1M", "status=none"]], store.read(file))
    with draft.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest()[:DIGITS] != digest:
            raise FeelbackError(422, f"{file} is broken: its content differs from its name.")
    draft.chmod(0o644)
    os.replace(draft, path)
    return True


def delete_before(store: Store, first: str) -> int:
    """Delete the files that a base backup that begins in the file `first` does not need; returns how many."""
    names = [name for name in store.names() if (match := STORED.fullmatch(name)) and "history" not in match[1]]
    old = [name for name in names if name[8:24] < first[8:24]]  # of any timeline
    for name in old:
        store.delete(name)
    return len(old)


def _stored(store: Store, name: str) -> tuple[str, str, str] | None:
    """The stored file of a name, its digest, and the program that encrypted it."""
    for file in store.names(f"{name}-"):
        if (match := STORED.fullmatch(file)) and match[1] == name:
            return file, match[3], match[4] or ""
    return None
