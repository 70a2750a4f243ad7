import random
import re
import subprocess
import sys

import pytest

from app.config import ROOT
from tests.programs.powercut.disk import Directory, Disk, File
from tests.support.needs import needs_fuse

FOLDER, FILE = 0o40700, 0o100600
SEEDS = range(200)


def run(*options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.programs.powercut", "--seed", "7", *options],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@needs_fuse
def test_a_power_cut_loses_nothing_acknowledged() -> None:
    done = run("--cuts", "6", "--real", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"cuts +6 in .* 2 of everything", done.stdout)
    assert re.search(r"losses +0 in 0 cuts", done.stdout)
    for name in ("ENOSPC", "EIO"):
        assert re.search(rf"{name}  0 losses after [1-9]\d* writes and syncs that failed", done.stdout), done.stdout


@needs_fuse
def test_without_fsync_the_first_power_cut_is_seen_to_lose_responses() -> None:
    done = run("--cuts", "1", "--set", "fsync=off")
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"losses +[1-9]\d* in 1 cuts", done.stdout)


@pytest.fixture
def disk() -> Disk:
    return Disk(Directory(FOLDER, 0, 0))


def file(disk: Disk, name: str, data: bytes = b"") -> File:
    file = File(FILE, 0, 0)
    file.write(data, 0, random.Random(0))
    disk.change({(disk.root, name): file})
    return file


def outcomes(disk: Disk) -> set[tuple[tuple[str, bytes], ...]]:
    """What may be in the root after a power cut."""
    contents = set()
    for seed in SEEDS:
        root = disk.surviving(random.Random(seed))
        contents.add(
            tuple((name, bytes(node.data)) for name, node in sorted(root.entries.items()) if type(node) is File)
        )
    return contents


def test_a_synced_file_survives(disk: Disk) -> None:
    disk.sync(file(disk, "a", b"1"))
    assert outcomes(disk) == {(("a", b"1"),)}


def test_a_file_that_is_not_synced_may_be_lost_empty_zero_or_whole(disk: Disk) -> None:
    file(disk, "a", b"1")
    assert outcomes(disk) == {(), (("a", b""),), (("a", b"\0"),), (("a", b"1"),)}


def test_a_page_is_old_new_or_torn_at_a_sector(disk: Disk) -> None:
    page = file(disk, "a", b"1" * 4096)
    disk.sync(page)
    page.write(b"2" * 4096, 0, random.Random(0))
    texts = {data for ((_, data),) in outcomes(disk)}
    assert {b"1" * 4096, b"2" * 4096} < texts
    assert all(len(set(data[at : at + 512])) == 1 for data in texts for at in range(0, 4096, 512))


def test_a_synced_page_is_not_undone_by_later_writes(disk: Disk) -> None:
    both = file(disk, "a", b"1" * 8192)
    disk.sync(both)
    both.write(b"2" * 4096, 4096, random.Random(0))
    assert {data[:4096] for ((_, data),) in outcomes(disk)} == {b"1" * 4096}


def test_a_renamed_file_has_one_of_its_names(disk: Disk) -> None:
    node = file(disk, "a", b"1")
    disk.sync(node)
    disk.change({(disk.root, "a"): None, (disk.root, "b"): node})
    assert outcomes(disk) == {(("a", b"1"),), (("b", b"1"),)}
    disk.sync(disk.root)
    assert outcomes(disk) == {(("b", b"1"),)}


def test_a_removed_file_may_come_back_until_its_directory_is_synced(disk: Disk) -> None:
    disk.sync(file(disk, "a", b"1"))
    disk.change({(disk.root, "a"): None})
    assert outcomes(disk) == {(), (("a", b"1"),)}
    disk.sync(disk.root)
    assert outcomes(disk) == {()}


def test_what_is_done_in_a_directory_survives_in_its_order(disk: Disk) -> None:
    for name in "abc":
        file(disk, name).sync()
    assert {tuple(name for name, _ in content) for content in outcomes(disk)} == {
        (),
        ("a",),
        ("a", "b"),
        ("a", "b", "c"),
    }


def test_a_new_directory_survives_with_what_was_synced_in_it(disk: Disk) -> None:
    folder, node = Directory(FOLDER, 0, 0), File(FILE, 0, 0)
    disk.change({(disk.root, "folder"): folder})
    disk.change({(folder, "a"): node})
    disk.sync(node)
    for seed in SEEDS:
        there = disk.surviving(random.Random(seed)).entries.get("folder")
        assert there is None or list(there.entries) == ["a"]
    disk.sync(folder)
    assert "folder" in disk.surviving(random.Random(0)).entries
