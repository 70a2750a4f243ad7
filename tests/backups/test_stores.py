import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from app.backups.s3 import Bucket
from app.backups.stores import Folder, Store, store
from app.config import ROOT
from app.errors import FeelbackError

MIB = 1_048_576


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Folder(tmp_path / "new" / "folder")
    request.getfixturevalue("bucket")
    return Bucket("backups", "feelback", part=5 * MIB)


def pieces(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield bytes([number % 251]) * (MIB - 7)


@pytest.mark.parametrize("count", [0, 1, 12])
def test_it_gives_back_what_was_written(files: Store, count: int) -> None:
    files.write("a", pieces(count))
    assert b"".join(files.read("a")) == b"".join(pieces(count))
    assert list(files.names()) == ["a"]
    assert abs(files.names()["a"] - time.time()) < 60
    files.delete("a")
    assert files.names() == {}


def test_it_keeps_nothing_of_a_failure(files: Store) -> None:
    def failing() -> Iterator[bytes]:
        yield from pieces(7)
        raise FeelbackError(500, "no more")

    with pytest.raises(FeelbackError, match="no more"):
        files.write("a", failing())
    assert files.names() == {}
    with pytest.raises(FeelbackError, match="There is no"):
        list(files.read("a"))


def test_it_lets_nobody_else_read_a_folder(tmp_path: Path) -> None:
    files = Folder(tmp_path / "kept")
    files.write("a", pieces(1))
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "kept" / "a").stat().st_mode) == 0o600


def test_it_removes_old_drafts(tmp_path: Path) -> None:
    old, new = tmp_path / ".draft-old", tmp_path / ".draft-new"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    Folder(tmp_path).tidy()
    assert list(tmp_path.iterdir()) == [new]


def test_it_gives_up_old_uploads(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = boto3.client("s3")
    s3.create_multipart_upload(Bucket="backups", Key="feelback/a")
    s3.create_multipart_upload(Bucket="backups", Key="other/a")
    began = s3.list_multipart_uploads(Bucket="backups")["Uploads"][0]["Initiated"].timestamp()
    monkeypatch.setattr("app.backups.s3.time.time", lambda: began + 80_000)
    store(bucket).tidy()
    assert len(s3.list_multipart_uploads(Bucket="backups")["Uploads"]) == 2
    monkeypatch.setattr("app.backups.s3.time.time", lambda: began + 90_000)
    store(bucket).tidy()
    uploads = s3.list_multipart_uploads(Bucket="backups")
    assert [upload["Key"] for upload in uploads.get("Uploads", [])] == ["other/a"]
    for upload in uploads["Uploads"]:
        s3.abort_multipart_upload(Bucket="backups", Key=upload["Key"], UploadId=upload["UploadId"])
    s3.close()


@pytest.mark.parametrize("place", ["S3://bucket/x", "ftp://host/x", "https://host/x"])
def test_it_takes_no_other_address_for_a_folder(place: str) -> None:
    with pytest.raises(FeelbackError, match="to a folder or to s3://bucket/prefix, not to"):
        store(place)


def test_it_says_that_a_bucket_is_not_there(bucket: str) -> None:
    with pytest.raises(FeelbackError, match="NoSuchBucket") as caught:
        store("s3://nowhere/x").write("a", pieces(1))
    assert "AWS_ACCESS_KEY_ID" in caught.value.data["hint"]


def test_it_stores_any_size_in_constant_memory(bucket: str) -> None:
    code = """
import re, sys
from app.backups.stores import store
count = int(sys.argv[2])
store(sys.argv[1]).write("large", (b"x" * 1048576 for _ in range(count)))
assert sum(map(len, store(sys.argv[1]).read("large"))) == count * 1048576
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""

    def peak(mib: int) -> int:
        run = subprocess.run(
            [sys.executable, "-c", code, bucket, str(mib)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return int(run.stdout)

    small, large = peak(80), peak(400)
    assert large < small + 48, f"{small} MiB for 80, {large} MiB for 400"
