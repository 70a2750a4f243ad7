"""Clocks that are wrong, for processes of their own: libfaketime, which reads from a file how far off they are."""

from pathlib import Path

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)


class Clock:
    """The clock of the processes started with `environ`. Time that is only measured, as for time-outs, stays right."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.move("+0")
        self.environ = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": str(Path(__file__).with_name("preload")),
        }

    def move(self, offset: str) -> None:
        """Set how far off it is, such as "+3d" or "-90m"; "+0" is right."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(offset + "\n")
        draft.chmod(0o644)
        draft.rename(self._file)
