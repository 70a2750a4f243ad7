"""The image, built and run without an engine: buildah builds it on a Debian made by debootstrap."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import __version__
from app.config import ROOT

BASE = "localhost/feelback-base:trixie"
IMAGE = "localhost/feelback-test"
MIRROR = os.environ.get("TEST_DEBIAN_MIRROR", "http://deb.debian.org/debian")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def buildah(*arguments: str) -> str:
    """What buildah prints; its own failure is told with what it said."""
    done = subprocess.run(["buildah", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout.strip()


@pytest.fixture(scope="session")
def image() -> Iterator[str]:
    """The image's name, built from this checkout."""
    for tool in ("buildah", "debootstrap"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed: the image was not built")
    if os.geteuid() != 0:
        pytest.skip("only root can build the image without an engine")
    _base()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as pip:
        # pip in there asks the same registry as pip out here, and trusts what we trust.
        pip.write("[global]\ncert = /etc/host-ca.pem\n")
        pip.flush()
        mounts = [f"--volume={pip.name}:/etc/pip.conf:ro", f"--volume={CERTIFICATES}:/etc/host-ca.pem:ro"]
        buildah(
            "bud", "--isolation=chroot", "--pull-never", "--format=docker", "--network=host",
            f"--build-arg=BASE={BASE}", f"--build-arg=VERSION={__version__}", *mounts, f"--tag={IMAGE}", ".",
        )  # fmt: skip
    yield IMAGE
    buildah("rmi", "--force", IMAGE)


@pytest.fixture(scope="session")
def root(image: str) -> Iterator[Path]:
    """The image's files, mounted."""
    container = buildah("from", "--pull-never", image)
    yield Path(buildah("mount", container))
    buildah("rm", container)


def _base() -> None:
    # Kept for the next run: Debian takes a minute.
    if subprocess.run(["buildah", "inspect", "--type=image", BASE], capture_output=True).returncode == 0:
        return
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", "trixie", folder, MIRROR], capture_output=True, text=True
        )
        if made.returncode:
            pytest.skip(f"debootstrap cannot make a Debian here: {(made.stderr or made.stdout)[-200:]}")
        container = buildah("from", "scratch")
        buildah("add", "--quiet", container, folder, "/")
        buildah("commit", "--quiet", container, BASE)
        buildah("rm", container)
