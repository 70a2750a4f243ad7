"""Stores of backups: a folder, or a bucket of S3-compatible storage."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from app.backups import space
from app.backups.pipes import CHUNK, STALE_SECONDS
from app.errors import FeelbackError


class Store(Protocol):
    """Files by name. A file is stored as a whole or not at all."""

    def names(self, prefix: str = "") -> dict[str, float]:
        """The names of files that begin with `prefix`, with the Unix time of their last change."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the chunks of a file.

        Raises:
            FeelbackError: 404 if there is no such file.
        """

    def write(self, name: str, chunks: Iterator[bytes]) -> None:
        """Store `chunks` as `name`. If `chunks` raises, nothing is stored."""

    def delete(self, name: str) -> None:
        """Delete a file, if it exists."""

    def tidy(self) -> None:
        """Delete leftovers of interrupted writers."""

    def free_bytes(self) -> int | None:
        """The free bytes; None where there is no limit."""


def store(place: str) -> Store:
    """The store at `place`: the path of a folder, or s3://bucket/prefix.

    Raises:
        FeelbackError: 422 for a URL with another scheme.
    """
    scheme, separator, _ = place.partition("://")
    if separator and scheme != "s3":
        raise FeelbackError(422, f"Backups go to a folder or to s3://bucket/prefix, not to {scheme}://.")
    if not separator:
        return Folder(Path(place).absolute())
    from app.backups.s3 import Bucket  # boto3 is slow to import

    parts = urlsplit(place)
    return Bucket(parts.netloc, parts.path.strip("/"))


class Folder:
    """A folder, created with the first file. Only its owner may read it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self, prefix: str = "") -> dict[str, float]:
        """The names of files that begin with `prefix`, with the Unix time of their last change."""
        files = self._path.glob(f"{prefix}*") if self._path.is_dir() else []
        return {path.name: path.stat().st_mtime for path in files if path.is_file()}

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the chunks of a file.

        Raises:
            FeelbackError: 404 if there is no such file.
        """
        try:
            with (self._path / name).open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except FileNotFoundError:
            raise FeelbackError(404, f"There is no {name} in {self._path}.") from None

    def write(self, name: str, chunks: Iterator[bytes]) -> None:
        """Store `chunks` as `name`; the file gets its name only once it is on disk."""
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._path, prefix=".draft-", delete=False) as draft:
                try:
                    for chunk in chunks:
                        draft.write(chunk)
                    draft.flush()
                    os.fsync(draft.fileno())
                    os.replace(draft.name, self._path / name)
                except BaseException:
                    os.unlink(draft.name)
                    raise
            folder = os.open(self._path, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        except OSError as error:
            raise FeelbackError(500, f"{self._path} cannot be written to: {error.strerror}.") from error

    def delete(self, name: str) -> None:
        """Delete a file, if it exists."""
        (self._path / name).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Delete drafts older than a day."""
        for path in self._path.glob(".draft-*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - STALE_SECONDS:
                    path.unlink()

    def free_bytes(self) -> int | None:
        """The free bytes of the folder's disk."""
        return space.free_bytes(self._path)
