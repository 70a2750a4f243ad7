"""Runs the tests that need no browser inside the image that ships: with its Python, its packages and its libraries.

    .venv/bin/python -m tests.image.run_tests

On top of the image go Debian's ensurepip and what the tests need of Python packages; nothing of the image is replaced.
The code is a clone of HEAD, since some tests read files that are not in the image. Needs root, buildah and debootstrap.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from app.config import ROOT
from tests.image.build import LIMITS, buildah, built_image, registry_access

PIP = ["python3", "-m", "pip", "--disable-pip-version-check", "--no-input"]
INSTALL = [*PIP, "install", "--quiet", "--no-cache-dir", "--only-binary", ":all:", "--require-hashes"]
PYTEST = ["python3", "-m", "pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "not slow"]
APT = "apt-get -qq update && apt-get -qq install --yes --no-install-recommends git python3-venv >/dev/null"


def main() -> int:
    """Build, install, run.

    Returns: pytest's exit code.
    """
    with (
        tempfile.TemporaryDirectory(prefix="feelback-image-") as folder,
        built_image("localhost/feelback-tests") as image,
    ):
        clone = Path(folder, "feelback")
        subprocess.run(["git", "clone", "--quiet", f"file://{ROOT}", clone], check=True)
        container = buildah("from", "--pull-never", *LIMITS, image)
        try:
            return _run_tests(container, clone)
        finally:
            buildah("rm", container)


def _run_tests(container: str, clone: Path) -> int:
    user = buildah("inspect", "--format", "{{.Docker.Config.User}}", container)
    subprocess.run(["chown", "-R", user, clone.parent], check=True)
    volume = f"--volume={clone}:/src"
    with registry_access() as access:

        def run(*command: str) -> str:
            return buildah("run", "--isolation=chroot", "--user=0:0", *access, volume, container, "--", *command)

        run("sh", "-c", APT)
        run("python3", "-m", "ensurepip")
        shipped = run(*PIP, "list", "--format=freeze").splitlines()
        run(*INSTALL, "-r", "/src/requirements-dev.lock")
        replaced = set(shipped) - set(run(*PIP, "list", "--format=freeze").splitlines())
        assert not replaced, f"The tests need other versions than the image has: {replaced}"
    environ = [f"--env=CI={os.environ.get('CI', '')}", "--env=HOME=/tmp", "--env=PYTHONDONTWRITEBYTECODE="]
    options = ["--isolation=chroot", f"--user={user}", "--workingdir=/src", *environ, volume]
    print("The tests that need no browser, inside the image", flush=True)
    return subprocess.run(["buildah", "run", *options, container, "--", *PYTEST]).returncode


if __name__ == "__main__":
    sys.exit(main())
