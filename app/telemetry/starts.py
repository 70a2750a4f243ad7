"""How often the supervisor started each of its processes, in a file beside the metrics of web processes."""

import os
from collections import Counter
from pathlib import Path

import msgspec

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
NAME = "process_starts.json"


class Starts:
    """Counts by the name of the process, and writes them to `folder`, if there is one."""

    def __init__(self, folder: str | None) -> None:
        self._file = Path(folder, NAME) if folder else None
        self._counts: Counter[str] = Counter()

    def add(self, process: str) -> None:
        """Count a start."""
        self._counts[process] += 1
        if self._file is not None:
            new = self._file.with_suffix(".new")
            new.write_bytes(msgspec.json.encode(self._counts))
            new.replace(self._file)


def read() -> dict[str, int]:
    """The starts of this machine's processes; none where no supervisor counts."""
    try:
        return msgspec.json.decode(Path(os.environ[FOLDER], NAME).read_bytes(), type=dict[str, int])
    except (KeyError, OSError, ValueError):
        return {}
