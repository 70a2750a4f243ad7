"""CPU time that a process and all below it have used, read from /proc."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds(root: int) -> float:
    """The CPU seconds of the process `root` and its descendants, those that ended and were waited for included."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                # The name in parentheses may hold anything; what follows the last one has fixed places.
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
            parents[int(folder.name)] = int(fields[1])
            ticks[int(folder.name)] = sum(int(field) for field in fields[11:15])
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    return sum(ticks.get(pid, 0) for pid in family) / TICK


def model() -> str:
    """What the machine's processor calls itself."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def filesystem(path: Path) -> str:
    """The kind of file system that holds `path`: flushing costs nothing on a tmpfs."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    kinds = ((len(folder), kind) for folder, kind in mounts if path.resolve().is_relative_to(folder))
    return max(kinds, default=(0, "unknown"))[1]  # in a chroot the root may be no mount
