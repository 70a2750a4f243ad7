"""The manifest of a backup, stored beside it as JSON, and the names of both files."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from app.errors import FeelbackError

NAME = re.compile(r"feelback-(\d{8}T\d{6}Z)\.dump(?:\.age|\.gpg)?")


class Manifest(msgspec.Struct, frozen=True):
    """A backup. `rows` are the row counts of tables in the snapshot of the dump; `sha256` is of the stored file."""

    name: str
    created_at: datetime
    feelback: str
    server: int  # the major version of Postgres
    pg_dump: int  # the major version of pg_dump
    encryption: str  # "", "age" or "gpg"
    bytes: int
    sha256: str
    rows: dict[str, int]


def name(now: datetime, encryption: str) -> str:
    """The name of a backup started at `now`."""
    return f"feelback-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.dump" + (f".{encryption}" if encryption else "")


def time_of(name: str) -> datetime | None:
    """The start of the backup `name`; None if it is not the name of a backup."""
    match = NAME.fullmatch(name)
    return datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if match else None


def encode(manifest: Manifest) -> bytes:
    """Encode a manifest as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode(text: bytes, name: str) -> Manifest:
    """Decode the manifest of the backup `name`.

    Raises:
        FeelbackError: 422 if it is not a manifest, or of another backup.
    """
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except msgspec.DecodeError:
        raise FeelbackError(422, f"{name}.json is broken: the backup cannot be checked.") from None
    if manifest.name != name:
        raise FeelbackError(422, f"{name}.json is about {manifest.name}: the backup cannot be checked.")
    return manifest


class Sum:
    """Counts and hashes chunks."""

    def __init__(self) -> None:
        self.bytes, self._hash = 0, hashlib.sha256()

    def over(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the chunks unchanged."""
        for chunk in chunks:
            self.bytes += len(chunk)
            self._hash.update(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        """The SHA-256 of the chunks so far, in hexadecimal digits."""
        return self._hash.hexdigest()


class Stored(Protocol):
    """What is known of a stored file."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def bytes(self) -> int:
        """Its size."""

    @property
    def sha256(self) -> str:
        """Its SHA-256 in hexadecimal digits."""


def verified(chunks: Iterator[bytes], manifest: Stored) -> Iterator[bytes]:
    """Yield the chunks unchanged, but the last only after all of them match the manifest.

    A reader thus never sees the end of a broken file, and the file need not be stored before it is verified.

    Raises:
        FeelbackError: 422 if the size or hash differs.
    """
    total, last = Sum(), b""
    for chunk in total.over(chunks):
        if last:
            yield last
        last = chunk
    if total.bytes != manifest.bytes:
        raise FeelbackError(
            422, f"{manifest.name} has {total.bytes:,} bytes instead of {manifest.bytes:,}: it is cut off or broken."
        )
    if total.sha256 != manifest.sha256:
        raise FeelbackError(422, f"{manifest.name} is broken: its SHA-256 differs from the manifest.")
    yield last
