"""Numbers that all web workers of a machine share: each adds to its own column, any of them sums all."""

import mmap
import os
import tempfile
from typing import IO

ROOM = 8192  # numbers in a column


def make(workers: int) -> IO[bytes]:
    """The file that the memory is: nobody else can find it, and it is gone with its last user."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the supervisor keeps it open
    file.truncate(workers * ROOM * 8)
    return file


class Memory:
    """One worker's column, and the sums over all. A worker that takes a dead one's place adds to its numbers."""

    def __init__(self, fd: int | None, slot: int) -> None:
        size = os.fstat(fd).st_size if fd is not None else ROOM * 8
        shared = mmap.mmap(fd if fd is not None else -1, size)
        self._numbers = memoryview(shared).cast("d")
        self._columns = size // 8 // ROOM
        self.own = self._numbers[slot * ROOM : (slot + 1) * ROOM]
        self._taken = 0

    def take(self, count: int) -> int:
        """Where `count` numbers may be kept; every worker takes the same ones in the same order."""
        at, self._taken = self._taken, self._taken + count
        if self._taken > ROOM:
            raise ValueError(f"There is no room for {self._taken} numbers.")
        return at

    def total(self, at: int) -> float:
        """The sum of one number over all workers."""
        return sum(self._numbers[column * ROOM + at] for column in range(self._columns))
