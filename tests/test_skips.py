import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT
from tests.support.skips import ALLOWED

SKIPPED = """
import pytest

def test_that_passes():
    pass

def test_that_is_skipped():
    pytest.skip({reason!r})
"""


def run(file: Path, code: str, *options: str, ci: str = "true") -> "subprocess.CompletedProcess[str]":
    file.write_text(code)
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider", "-p", "tests.support.skips"]
    environ = {**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [*command, *options, file], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("options", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "xdist"])
def test_an_unlisted_skip_fails_in_ci(tmp_path: Path, options: list[str]) -> None:
    finished = run(tmp_path / "test_x.py", SKIPPED.format(reason="nobody has listed this"), *options)
    assert finished.returncode == 1, finished.stdout
    assert "test_x.py::test_that_is_skipped: nobody has listed this" in finished.stdout
    assert "1 passed, 1 skipped" in finished.stdout


def test_a_module_that_is_skipped_fails_in_ci(tmp_path: Path) -> None:
    finished = run(tmp_path / "test_x.py", "import pytest\npytest.importorskip('no_such_module')")
    assert finished.returncode == 1, finished.stdout
    assert "No module named 'no_such_module'" in finished.stdout


def test_listed_skips_pass_in_ci(tmp_path: Path) -> None:
    code = f"""
import pytest

@pytest.mark.parametrize("reason", {list(ALLOWED)})
def test_that_is_skipped(reason):
    pytest.skip(f"{{reason}}, and so on")
"""
    finished = run(tmp_path / "test_x.py", code)
    assert finished.returncode == 0, finished.stdout
    assert f"{len(ALLOWED)} skipped" in finished.stdout


def test_any_skip_passes_elsewhere(tmp_path: Path) -> None:
    finished = run(tmp_path / "test_x.py", SKIPPED.format(reason="nobody has listed this"), ci="")
    assert finished.returncode == 0, finished.stdout


def test_what_is_expected_to_fail_is_no_skip(tmp_path: Path) -> None:
    code = "import pytest\n@pytest.mark.xfail\ndef test_that_fails():\n    assert False\n"
    assert run(tmp_path / "test_x.py", code).returncode == 0
