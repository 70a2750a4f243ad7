"""Builds the image without a container engine: with buildah, on a Debian made by debootstrap."""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import __version__
from app.config import ROOT

BASE = "localhost/feelback-base:trixie-slim"
MIRROR = os.environ.get("TEST_DEBIAN_MIRROR", "http://deb.debian.org/debian")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


# As Debian's slim images have it, for the base and for what is installed later.
SLIM = "path-exclude /usr/share/doc/*\npath-exclude /usr/share/man/*\npath-exclude /usr/share/locale/*\n"
UNTRACKED = (
    ".env",
    "app/.env",
    "app/x.py",
    "app/__pycache__/x.pyc",
    "docs/notes.md",
    "static/dump.sql",
    "sql/dump.sql.gz",
)


# buildah of Debian 13 raises the limits of what it runs, which root of a container may not do; that of Debian 12 lowers
# the number of processes first.
LIMITS = tuple(
    f"--ulimit={name}={number}:{number}"
    for name, number in (
        ("nproc", min({32_768, *resource.getrlimit(resource.RLIMIT_NPROC)} - {resource.RLIM_INFINITY})),
        ("nofile", min({20_000, *resource.getrlimit(resource.RLIMIT_NOFILE)} - {resource.RLIM_INFINITY})),
    )
)


class NoBaseError(Exception):
    """debootstrap failed; the message has its last output."""


def buildah(*arguments: str) -> str:
    """What buildah prints.

    Raises:
        AssertionError: it failed; the text has the end of its output.
    """
    done = subprocess.run(["buildah", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout.strip()


@contextmanager
def registry_access() -> Iterator[list[str]]:
    """Options of buildah by which pip in the image asks the registry that pip asks here, and trusts what we trust.

    Returns: the options; what they name is there while the context lasts.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as pip:
        pip.write("[global]\ncert = /etc/host-ca.pem\n")
        pip.flush()
        yield [f"--volume={pip.name}:/etc/pip.conf:ro", f"--volume={CERTIFICATES}:/etc/host-ca.pem:ro"]


@contextmanager
def built_image(name: str) -> Iterator[str]:
    """The image of this checkout, which is removed afterwards. Only for root.

    Raises:
        NoBaseError: there is no Debian to build it on.
    """
    _make_base()
    with registry_access() as options, tempfile.TemporaryDirectory() as folder:
        _copy_checkout(Path(folder))
        buildah(
            "bud", "--isolation=chroot", "--pull-never", "--format=docker", "--network=host",
            f"--build-arg=BASE={BASE}", f"--build-arg=VERSION={__version__}", *LIMITS, *options, f"--tag={name}",
            folder,
        )  # fmt: skip
    yield name
    buildah("rmi", "--force", name)


def _copy_checkout(folder: Path) -> None:
    """Copy what git tracks, as it is now, and git's index; and add files of the kind that lie about in a checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    index = subprocess.run(
        ["git", "rev-parse", "--git-path", "index"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    for name, source in [(name, ROOT / name) for name in listed.split("\0") if name] + [(".git/index", ROOT / index)]:
        if source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    for name in UNTRACKED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("a secret")


def _make_base() -> None:
    # Kept for the next run: Debian takes a minute.
    if subprocess.run(["buildah", "inspect", "--type=image", BASE], capture_output=True).returncode == 0:
        return
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.run(
            ["debootstrap", "--variant=minbase", "trixie", folder, MIRROR], capture_output=True, text=True
        )
        if process.returncode:
            raise NoBaseError((process.stderr or process.stdout)[-200:])
        Path(folder, "etc/dpkg/dpkg.cfg.d/docker").write_text(SLIM)
        for pattern in (
            "usr/share/doc/*",
            "usr/share/man/*",
            "usr/share/locale/*",
            "var/cache/apt/*",
            "var/lib/apt/lists/*",
        ):
            for path in Path(folder).glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        container = buildah("from", "scratch")
        buildah("add", "--quiet", container, folder, "/")
        buildah("commit", "--quiet", container, BASE)
        buildah("rm", container)
