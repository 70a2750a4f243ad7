"""What is known of a backup, kept beside it as JSON, and the names of both."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from app.errors import FeelbackError

NAME = re.compile(r"feelback-(\d{8}T\d{6}Z)\.dump(?:\.age|\.gpg)?")


class Manifest(msgspec.Struct, frozen=True):
    """A backup: `rows` counts each table's rows in the dump's own snapshot, `sha256` is of the file as stored."""

    name: str
    created_at: datetime
    feelback: str
    server: int  # the major version of Postgres
    pg_dump: int  # and of the program that wrote the file
    encryption: str  # "", "age" or "gpg"
    bytes: int
    sha256: str
    rows: dict[str, int]


def name(now: datetime, encryption: str) -> str:
    """The name of a backup begun at `now`."""
    return f"feelback-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.dump" + (f".{encryption}" if encryption else "")


def time_of(name: str) -> datetime | None:
    """When the backup of that name was begun; None for any other file's name."""
    match = NAME.fullmatch(name)
    return datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if match else None


def encoded(manifest: Manifest) -> bytes:
    """A manifest as JSON that people can read."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decoded(text: bytes, name: str) -> Manifest:
    """The manifest in `text`.

    Raises:
        FeelbackError: 422 where it is none, or of another backup.
    """
    try:
        found = msgspec.json.decode(text, type=Manifest)
    except msgspec.DecodeError:
        raise FeelbackError(422, f"{name}.json is broken: the backup cannot be checked.") from None
    if found.name != name:
        raise FeelbackError(422, f"{name}.json is about {found.name}: the backup cannot be checked.")
    return found


class Sum:
    """Counts and hashes the chunks that pass through it."""

    def __init__(self) -> None:
        self.bytes, self._hash = 0, hashlib.sha256()

    def over(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The same chunks."""
        for chunk in chunks:
            self.bytes += len(chunk)
            self._hash.update(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        """The hash of what has passed, in hexadecimal digits."""
        return self._hash.hexdigest()


def checked(chunks: Iterator[bytes], manifest: Manifest) -> Iterator[bytes]:
    """The same chunks; the last is held back until all of them proved to be what was stored.

    So whoever reads them never sees the end of a file that is broken, and nobody has to keep it whole somewhere.

    Raises:
        FeelbackError: 422 where they are not.
    """
    seen, held = Sum(), b""
    for chunk in seen.over(chunks):
        if held:
            yield held
        held = chunk
    if seen.bytes != manifest.bytes:
        raise FeelbackError(
            422, f"{manifest.name} has {seen.bytes:,} bytes and must have {manifest.bytes:,}: it is cut off or broken."
        )
    if seen.sha256 != manifest.sha256:
        raise FeelbackError(422, f"{manifest.name} is broken: its SHA-256 is not the one that was noted.")
    yield held
