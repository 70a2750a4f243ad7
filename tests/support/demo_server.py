"""A server with the demo in it, in a folder of its own, for programs that look at it from outside."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from app.config import ROOT, names
from tests.support.serving import free_port

OPERATOR = "operator@example.com"


@contextlib.contextmanager
def demo_server() -> Iterator[tuple[str, Callable[..., str]]]:
    """Where the server answers, and the command `feelback` of this installation, which returns what it prints.

    Raises:
        CalledProcessError: a command failed.
    """
    with tempfile.TemporaryDirectory(prefix="feelback-demo-") as name:
        Path(name).chmod(0o755)
        inherited = {key: text for key, text in os.environ.items() if key not in {n.upper() for n in names()}}
        port = free_port()
        environ = inherited | {
            "PORT": str(port), "FEELBACK_DATA": f"{name}/data", "LOG_LEVEL": "error", "LIMITS": "off"
        }  # fmt: skip

        def feelback(*arguments: str) -> str:
            command = [sys.executable, "-m", "app", *arguments]
            return subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout

        command = [sys.executable, "-m", "app", "run"]
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            try:
                for line in server.stdout:
                    if line.startswith("ready "):
                        break
                feelback(
                    "link", OPERATOR, "--create"
                )  # the first person is the operator, and `project create` is for theirs
                yield f"http://localhost:{port}", feelback
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(60)
