"""The disk as a file system: `python -m tests.programs.powercut.mount FOLDER MOUNTPOINT`, with FOLDER's files.

Setting the attribute `user.cut` of the mount point to "SEED" is a power cut: the disk then has what survived it. "SEED
FOLDER" writes into a new FOLDER what would survive, while the disk goes on. Setting `user.fail` to "ERRNO PROBABILITY"
lets writes and syncs fail; `user.failures` counts those that did. `user.unsynced` counts the pages and changes of
directories that a power cut could take.
"""

import os
import random
import stat
import sys
import time
from errno import EEXIST, ENODATA, ENOENT, ENOTEMPTY
from pathlib import Path
from typing import Any

from tests.programs.powercut.disk import Directory, Disk, File, Node, load, store

os.environ["FUSE_LIBRARY_NAME"] = "fuse3"
import mfusepy

HIDDEN = ".fuse_hidden"  # what libfuse renames an open file to when it is removed: on the disk there is no such file


class PowerCut(mfusepy.Operations):  # type: ignore[misc]
    """The operations of the file system, one at a time."""

    use_ns = True

    def __init__(self, root: Directory) -> None:
        self._disk = Disk(root)
        self._handles: dict[int, Node] = {}
        self._next = 1
        self._choice = random.Random(0)
        self._errno, self._probability, self._failures = 0, 0.0, 0

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        node = self._node(path, fh)
        size = len(node.data) if isinstance(node, File) else 4096
        return {
            "st_mode": node.mode, "st_uid": node.uid, "st_gid": node.gid, "st_size": size, "st_nlink": 1,
            "st_blocks": -(-size // 512), "st_mtime": node.modified, "st_ctime": node.modified,
        }  # fmt: skip

    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *(name for name in self._directory(path).entries if not name.startswith(HIDDEN))]

    def open(self, path: str, flags: int) -> int:
        return self._opened(self._node(path))

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        return self._opened(self._added(path, File, mode))

    def mkdir(self, path: str, mode: int) -> int:
        self._added(path, Directory, mode | stat.S_IFDIR)
        return 0

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self._file(path, fh).data[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self._fail()
        file = self._file(path, fh)
        file.write(data, offset, self._choice)
        file.modified = time.time_ns()
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        self._file(path, fh).truncate(length)
        return 0

    def fallocate(self, path: str, mode: int, offset: int, size: int, fh: int) -> int:
        file = self._file(path, fh)
        file.truncate(max(len(file.data), offset + size))
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        self._fail()
        self._disk.sync(self._node(path, fh))
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        self._disk.sync(self._node(path))
        return 0

    def release(self, path: str, fh: int) -> int:
        del self._handles[fh]
        return 0

    def unlink(self, path: str) -> int:
        self._node(path)
        directory, name = self._place(path)
        if name.startswith(HIDDEN):
            del directory.entries[name]
        else:
            self._disk.change({(directory, name): None})
        return 0

    def rmdir(self, path: str) -> int:
        if self._directory(path).entries:
            raise mfusepy.FuseOSError(ENOTEMPTY)
        return self.unlink(path)

    def rename(self, old: str, new: str) -> int:
        node, (directory, name) = self._node(old), self._place(new)
        if name.startswith(HIDDEN):
            self.unlink(old)
            directory.entries[name] = node
        else:
            self._disk.change({self._place(old): None, (directory, name): node})
        return 0

    def chmod(self, path: str, mode: int) -> int:
        node = self._node(path)
        node.mode = stat.S_IFMT(node.mode) | mode & 0o7777
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        node = self._node(path)
        node.uid, node.gid = node.uid if uid == -1 else uid, node.gid if gid == -1 else gid
        return 0

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        self._node(path).modified = times[1] if times else time.time_ns()
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bfree": 1 << 19, "f_bavail": 1 << 19}

    def setxattr(self, path: str, name: str, value: bytes, options: int, position: int = 0) -> int:
        if name == "user.fail":
            self._errno, self._probability = (
                kind(text) for kind, text in zip((int, float), value.split(), strict=True)
            )
            return 0
        if name != "user.cut":
            raise mfusepy.FuseOSError(ENODATA)
        seed, _, folder = value.decode().partition(" ")
        choice = random.Random(int(seed))
        if not folder:
            self._disk = Disk(self._disk.surviving(choice))
        elif os.fork() == 0:  # this process goes on with the disk while its copy writes
            try:
                store(self._disk.surviving(choice), Path(f"{folder}.part"))
                os.rename(f"{folder}.part", folder)
            finally:
                os._exit(0)
        return 0

    def getxattr(self, path: str, name: str, position: int = 0) -> bytes:
        if name == "user.failures":
            return str(self._failures).encode()
        if name != "user.unsynced":
            raise mfusepy.FuseOSError(ENODATA)
        pages, nodes = 0, [self._disk.root]
        while nodes:
            node = nodes.pop()
            if isinstance(node, Directory):
                nodes += node.entries.values()
            else:
                pages += len(node.old)
        return f"{pages} {len(self._disk.changes)}".encode()

    def _fail(self) -> None:
        if self._choice.random() < self._probability:
            self._failures += 1
            raise mfusepy.FuseOSError(self._errno)

    def _opened(self, node: Node) -> int:
        self._next += 1
        self._handles[self._next] = node
        return self._next

    def _added(self, path: str, kind: type[File] | type[Directory], mode: int) -> Node:
        directory, name = self._place(path)
        if name in directory.entries:
            raise mfusepy.FuseOSError(EEXIST)
        uid, gid, _ = mfusepy.fuse_get_context()
        node = kind(mode, uid, gid, modified=time.time_ns())
        self._disk.change({(directory, name): node})
        return node

    def _place(self, path: str) -> tuple[Directory, str]:
        parent, _, name = path.rpartition("/")
        return self._directory(parent), name

    def _node(self, path: str | None, fh: int | None = None) -> Node:
        if fh is not None:
            return self._handles[fh]
        node: Node = self._disk.root
        for name in filter(None, path.split("/")):
            if not isinstance(node, Directory) or name not in node.entries:
                raise mfusepy.FuseOSError(ENOENT)
            node = node.entries[name]
        return node

    def _file(self, path: str | None, fh: int | None = None) -> File:
        node = self._node(path, fh)
        assert isinstance(node, File)
        return node

    def _directory(self, path: str) -> Directory:
        node = self._node(path)
        assert isinstance(node, Directory)
        return node


def main() -> None:
    """Mount, and serve until it is unmounted."""
    folder, point = sys.argv[1:]
    root = load(Path(folder))
    assert isinstance(root, Directory)
    options = {"allow_other": True} if os.geteuid() == 0 else {}
    mfusepy.FUSE(PowerCut(root), point, foreground=True, nothreads=True, fsname="powercut", **options)


if __name__ == "__main__":
    main()
