import os
import re
import subprocess
import sys

import pytest

from app.config import ROOT
from tests.support.serving import SERVERS

OPTIONS = ("--seconds", "8", "--every", "3", "--visitors", "8", "--seed", "4")


@pytest.mark.parametrize("kind", SERVERS)
def test_it_loses_and_doubles_nothing_while_parts_are_killed(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.programs.soak", *OPTIONS],
        cwd=ROOT, env={**os.environ, "TEST_SERVER": kind}, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"lost +0 of ", done.stdout)
    assert re.search(r"doubled +0\n", done.stdout)
    assert re.search(r"killed +\S", done.stdout)
