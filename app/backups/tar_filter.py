"""Copies a tar from standard input to standard output, and what it says about itself into a folder.

    python -m app.backups.tar_filter FOLDER

The folder gets the member `backup_manifest`, which the next incremental backup needs, and `bytes`, the size of the tar.
"""

import shutil
import sys
import tarfile
from pathlib import Path
from typing import BinaryIO

CHUNK = 1_048_576
MEMBER = "backup_manifest"


class _Copied:
    """Reads `source`, and writes what was read to `target`."""

    def __init__(self, source: BinaryIO, target: BinaryIO) -> None:
        self._source, self._target, self.bytes = source, target, 0

    def read(self, size: int) -> bytes:
        chunk = self._source.read(size)
        self._target.write(chunk)
        self.bytes += len(chunk)
        return chunk


def main(folder: Path, source: BinaryIO, target: BinaryIO) -> None:
    """Copy `source` to `target`."""
    copied = _Copied(source, target)
    with tarfile.open(fileobj=copied, mode="r|", bufsize=CHUNK) as tar:  # type: ignore[call-overload]  # it only reads
        for member in tar:
            if member.name == MEMBER and (content := tar.extractfile(member)):
                with (folder / MEMBER).open("wb") as file:
                    shutil.copyfileobj(content, file)
    while copied.read(CHUNK):
        pass
    target.flush()
    (folder / "bytes").write_text(str(copied.bytes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
