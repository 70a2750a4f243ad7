"""A disk that loses at a power cut what was not synced: the files in memory, and what of them would survive.

What survives is decided at the cut, at random:

- Of a file, each page of 4 KiB written since its last fsync is there, is as it was before, or is torn: some of its
  512-byte sectors are new. A page that is written again may have been written back in between. A new size may be lost.
- Of a directory, a prefix of what was done since its last fsync: creations, renames and removals. What was done in two
  directories depends on both. As on every file system of Linux, fsync of a new file keeps its entry too.

Owners and modes are not lost. A sector is never torn: Postgres relies on that for its control file.
"""

import os
import random
from dataclasses import dataclass, field
from pathlib import Path

PAGE, SECTOR = 4096, 512
WRITTEN_BACK = 0.05  # how often the page is on the disk already when it is written once more


@dataclass(eq=False)
class File:
    """A file. `old` has the pages changed since its last sync, as they were then, and `old_size` its size then."""

    mode: int
    uid: int
    gid: int
    data: bytearray = field(default_factory=bytearray)
    old: dict[int, bytes] = field(default_factory=dict)
    old_size: int = 0
    modified: int = 0

    def write(self, data: bytes, offset: int, choice: random.Random) -> None:
        """Write, at first to memory only."""
        if offset > len(self.data):
            self.truncate(offset)
        for page in range(offset // PAGE, (offset + len(data) - 1) // PAGE + 1):
            if page not in self.old or choice.random() < WRITTEN_BACK:
                self.old[page] = self._page(page)
        self.data[offset : offset + len(data)] = data

    def truncate(self, size: int) -> None:
        """Cut it off, or extend it with zeros."""
        for page in range(size // PAGE, -(-len(self.data) // PAGE)):
            self.old.setdefault(page, self._page(page))
        del self.data[size:]
        self.data.extend(bytes(size - len(self.data)))

    def sync(self) -> None:
        """What it has is on the disk."""
        self.old.clear()
        self.old_size = len(self.data)

    def surviving(self, choice: random.Random) -> bytearray:
        """What it has after a power cut."""
        size = choice.choice((self.old_size, len(self.data)))
        data = bytearray(self.data[:size])
        data.extend(bytes(size - len(data)))
        for page, old in self.old.items():
            if (begin := page * PAGE) >= size:
                continue
            fate, old = choice.random(), old.ljust(PAGE, b"\0")
            if fate < 0.4:
                data[begin : begin + PAGE] = old
            elif fate > 0.8:
                for at in range(0, PAGE, SECTOR):
                    if choice.random() < 0.5:
                        data[begin + at : begin + at + SECTOR] = old[at : at + SECTOR]
        del data[size:]
        return data

    def _page(self, page: int) -> bytes:
        return bytes(self.data[page * PAGE : (page + 1) * PAGE])


@dataclass(eq=False)
class Directory:
    """A directory; `on_disk` are the entries that a power cut leaves at least, but for removals not yet synced."""

    mode: int
    uid: int
    gid: int
    entries: dict[str, "Node"] = field(default_factory=dict)
    on_disk: dict[str, "Node"] = field(default_factory=dict)
    modified: int = 0


Node = File | Directory
Change = dict[tuple[Directory, str], Node | None]


@dataclass
class Disk:
    """The tree, and the changes of directories that are not on the disk, in their order."""

    root: Directory
    changes: list[Change] = field(default_factory=list)

    def change(self, change: Change) -> None:
        """Set entries, or remove those of None: all of them, or after a power cut perhaps none."""
        _apply(change, to_disk=False)
        self.changes.append(change)

    def sync(self, node: Node) -> None:
        """fsync: what `node` has, and its own entry, survive; of a directory also its entries."""
        if isinstance(node, File):
            node.sync()
        wanted: set[Directory] = {node} if isinstance(node, Directory) else set()
        left = []
        for change in reversed(self.changes):
            touched = {directory for directory, _ in change}
            if touched & wanted or any(entry is node for entry in change.values()):
                wanted |= touched
            else:
                left.append(change)
        durable = [change for change in self.changes if not any(change is other for other in left)]
        for change in durable:
            _apply(change, to_disk=True)
        self.changes = left[::-1]

    def surviving(self, choice: random.Random) -> Directory:
        """What a power cut leaves, all of it on the disk."""
        lost = choice.choice((0.0, 0.05, 0.5, 1.0))  # how often what is done in a directory is the first that is lost
        before = {directory: dict(directory.on_disk) for directory in _directories(self.root, self.changes)}
        broken: set[Directory] = set()
        for change in self.changes:
            touched = {directory for directory, _ in change}
            if touched & broken or choice.random() < lost:
                broken |= touched
                continue
            for (directory, name), node in change.items():
                _set(before[directory], name, node)
        copies: dict[Node, Node] = {}

        def copy(node: Node) -> Node:
            if node not in copies:
                if isinstance(node, File):
                    data = node.surviving(choice)
                    copies[node] = File(node.mode, node.uid, node.gid, data, {}, len(data), node.modified)
                else:
                    entries = {name: copy(entry) for name, entry in before[node].items()}
                    copies[node] = Directory(node.mode, node.uid, node.gid, entries, dict(entries), node.modified)
            return copies[node]

        root = copy(self.root)
        assert isinstance(root, Directory)
        return root


def load(path: Path) -> Node:
    """A file or folder, with all that is in it, as it would be on a disk."""
    stat = path.stat()
    if path.is_dir():
        entries = {entry.name: load(entry) for entry in path.iterdir()}
        return Directory(stat.st_mode, stat.st_uid, stat.st_gid, entries, dict(entries))
    data = bytearray(path.read_bytes())
    return File(stat.st_mode, stat.st_uid, stat.st_gid, data, {}, len(data))


def store(node: Node, path: Path) -> None:
    """The reverse."""
    if isinstance(node, Directory):
        path.mkdir()
        for name, entry in node.entries.items():
            store(entry, path / name)
    else:
        path.write_bytes(node.data)
    os.chown(path, node.uid, node.gid)
    path.chmod(node.mode & 0o7777)


def _apply(change: Change, *, to_disk: bool) -> None:
    for (directory, name), node in change.items():
        _set(directory.on_disk if to_disk else directory.entries, name, node)


def _set(entries: dict[str, Node], name: str, node: Node | None) -> None:
    if node is None:
        entries.pop(name, None)
    else:
        entries[name] = node


def _directories(root: Directory, changes: list[Change]) -> set[Directory]:
    # Also those that are on the disk only, or nowhere but in a change.
    directories: set[Directory] = set()
    open_ = [root, *(node for change in changes for node in (*change.values(), *(d for d, _ in change)))]
    while open_:
        node = open_.pop()
        if isinstance(node, Directory) and node not in directories:
            directories.add(node)
            open_ += [*node.entries.values(), *node.on_disk.values()]
    return directories
