"""Where backups are kept: a folder, or a bucket of S3-compatible storage."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from app.backups.pipes import CHUNK, STALE_SECONDS
from app.errors import FeelbackError


class Store(Protocol):
    """Files by name. What is written is there whole or not at all."""

    def names(self) -> dict[str, float]:
        """What is there, with the time of its end in seconds since 1970."""

    def read(self, name: str) -> Iterator[bytes]:
        """The chunks of one file; FeelbackError 404 where it is not there."""

    def write(self, name: str, chunks: Iterator[bytes]) -> None:
        """Keeps `chunks` under `name`; whatever `chunks` raises leaves nothing."""

    def delete(self, name: str) -> None:
        """Removes one file."""

    def tidy(self) -> None:
        """Removes what writers that were killed left."""


def store(place: str) -> Store:
    """The store at `place`: a folder's path, or s3://bucket/prefix.

    Raises:
        FeelbackError: 422 for an address of another kind, which is no folder's path.
    """
    scheme, is_address, _ = place.partition("://")
    if is_address and scheme != "s3":
        raise FeelbackError(422, f"Backups go to a folder or to s3://bucket/prefix, not to {scheme}://.")
    if not is_address:
        return Folder(Path(place).absolute())
    from app.backups.s3 import Bucket  # boto3 is slow to import and used here alone

    parts = urlsplit(place)
    return Bucket(parts.netloc, parts.path.strip("/"))


class Folder:
    """A folder, made when first written to; only its owner may read what is in it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> dict[str, float]:
        """What is there, with the time of its end in seconds since 1970."""
        files = self._path.iterdir() if self._path.is_dir() else []
        return {path.name: path.stat().st_mtime for path in files if path.is_file()}

    def read(self, name: str) -> Iterator[bytes]:
        """The chunks of one file."""
        try:
            with (self._path / name).open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except FileNotFoundError:
            raise FeelbackError(404, f"There is no {name} in {self._path}.") from None

    def write(self, name: str, chunks: Iterator[bytes]) -> None:
        """Keeps `chunks` under `name`, on the disk before it has that name."""
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
        """Removes one file."""
        (self._path / name).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Removes drafts older than a day."""
        for path in self._path.glob(".draft-*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - STALE_SECONDS:
                    path.unlink()
