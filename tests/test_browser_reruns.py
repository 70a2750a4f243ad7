import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT

FAILS_ONCE = """
{imports}
import pathlib

def test_that_fails_once(tmp_path_factory):
    seen = pathlib.Path({seen!r})
    if not seen.exists():
        seen.touch()
        raise AssertionError("not yet")
"""
BROWSER = "from playwright.async_api import expect"


def run(folder: Path, code: str, ci: str) -> "subprocess.CompletedProcess[str]":
    file = folder / "test_x.py"
    file.write_text(code)
    plugins = ["-p", "pytest_rerunfailures", "-p", "tests.support.browser_reruns"]
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider", *plugins]
    environ = {**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [*command, "-rR", "--rerun-show-tracebacks", file],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(("imports", "ci", "code"), [(BROWSER, "true", 0), (BROWSER, "", 1), ("", "true", 1)])
def test_only_browser_tests_and_only_in_ci_run_again(tmp_path: Path, imports: str, ci: str, code: int) -> None:
    finished = run(tmp_path, FAILS_ONCE.format(imports=imports, seen=str(tmp_path / "seen")), ci)
    assert finished.returncode == code, finished.stdout
    assert "not yet" in finished.stdout
    assert ("1 rerun" in finished.stdout) == (code == 0)


def test_a_browser_test_that_fails_twice_fails_ci(tmp_path: Path) -> None:
    finished = run(tmp_path, f"{BROWSER}\ndef test_that_fails(): raise AssertionError('never')", "true")
    assert finished.returncode == 1, finished.stdout
