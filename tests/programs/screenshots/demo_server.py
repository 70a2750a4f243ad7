"""A server with the demo, its days counted, and how to sign in to it."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.config import ROOT, names
from app.site.demo_project import EMAIL
from tests.support.serving import free_port


@contextlib.contextmanager
def demo_server() -> Iterator[tuple[str, str]]:
    """Where the server answers, and a link that signs in."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="feelback-looks-") as name:
        Path(name).chmod(0o755)
        inherited = {key: text for key, text in os.environ.items() if key not in {n.upper() for n in names()}}
        environ = {
            **inherited,
            "PORT": str(port),
            "FEELBACK_DATA": f"{name}/data",
            "LOG_LEVEL": "error",
            "LIMITS": "off",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "run"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout
            for line in process.stdout:
                if line.startswith("ready "):
                    break
            # The first who is signed up is its operator, and the pages are those of an installation in use.
            links = [
                subprocess.run(
                    [sys.executable, "-m", "app", "link", *arguments], cwd=ROOT, env=environ, capture_output=True,
                    text=True, check=True,
                ).stdout.strip().splitlines()[0]
                for arguments in (["operator@example.com", "--create"], [EMAIL])
            ]  # fmt: skip
            yield f"http://localhost:{port}", links[-1]
        finally:
            process.terminate()
            process.wait(60)
