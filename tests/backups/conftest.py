"""S3 from moto's server, a database with the demo, and encryption keys."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app.database import db
from app.site import demo_project
from tests.support.settings import DEMO_PASSWORD

BUCKET = "backups"


@pytest.fixture(scope="session")
def storage() -> Iterator[str]:
    """The URL of S3-compatible storage."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(storage: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket, with the environment to reach it."""
    for name, text in {
        "AWS_ENDPOINT_URL_S3": storage, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, text)
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    yield f"s3://{BUCKET}/feelback"
    for item in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=item["Key"])
    s3.delete_bucket(Bucket=BUCKET)
    s3.close()


@pytest.fixture
async def full(database: str) -> str:
    """The DSN of a database with the demo."""
    pool = await db.connect(database)
    await demo_project.load(pool, DEMO_PASSWORD)
    await pool.close()
    return database


@pytest.fixture(scope="session")
def age(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A recipient for age, and the file of its keys."""
    if not shutil.which("age-keygen"):
        pytest.skip("age is not installed")
    path = tmp_path_factory.mktemp("age") / "keys.txt"
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    recipient = subprocess.run(["age-keygen", "-y", path], check=True, capture_output=True, text=True).stdout.strip()
    return recipient, path


@pytest.fixture
def gpg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A recipient for gpg, in a keyring of the test."""
    if not shutil.which("gpg"):
        pytest.skip("gpg is not installed")
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    generate = [
        "gpg",
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-generate-key",
        "backups@example.com",
    ]
    subprocess.run(generate, check=True, capture_output=True)
    yield "backups@example.com"
    subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=True, env=dict(os.environ))
