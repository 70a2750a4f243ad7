"""Work in a child process: what it returns or prints, and that nothing of it goes on."""

import os
import subprocess
import sys

import pytest

from app.config import ROOT

SCRIPT = """
import os, sys
from app.commands.child import in_child
from app.errors import ConfigError, FeelbackError

def act():
    {action}

text = in_child(act)
sys.stderr.write(text)
"""


def run(action: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", SCRIPT.format(action=action)]
    environ = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize(
    ("action", "status", "output"),
    [
        ("return 'é' * 200_000", 0, "é" * 200_000),
        ("raise ConfigError('PORT: is in use')", 2, "Error: PORT: is in use\n"),
        ("raise FeelbackError(409, 'Claimed already.')", 1, "Error: Claimed already.\n"),
        ("raise KeyboardInterrupt", 130, ""),
        ("sys.exit(3)", 3, ""),
        ("os.kill(os.getpid(), 9)", 1, ""),
    ],
)
def test_it_ends_as_its_child_does(action: str, status: int, output: str) -> None:
    ended = run(action)
    assert (ended.returncode, ended.stderr) == (status, output)


@pytest.mark.parametrize("action", ["raise ZeroDivisionError", "print('x'); os.close(1); return 'nobody reads it'"])
def test_an_error_of_ours_is_logged_once_and_nothing_goes_on(action: str) -> None:
    ended = run(action)
    assert ended.returncode == 1
    assert "The start failed" in ended.stderr
    assert ended.stderr.count("Traceback") == 1
    assert "nobody reads it" not in ended.stderr
