"""`pip install .` installs the command with every file that it reads at run time."""

import contextlib
import os
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from app import __version__, config
from tests.support.serving import SECRET, free_port


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new virtual environment with the wheel in it, and the libraries of this one."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(config.ROOT)])
    (wheel,) = folder.glob("feelback-*.whl")
    assert not [name for name in ZipFile(wheel).namelist() if "/static/packages/" in name]  # published by themselves
    run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")])
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    run([*pip, "--python", str(folder / "venv" / "bin" / "python"), "install", "--no-deps", str(wheel)])
    return folder / "venv" / "bin"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The working directory of commands; its package `app` must not be imported."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise RuntimeError('not this one')")
    return tmp_path


@pytest.fixture
def plain_environ() -> dict[str, str]:
    """The environment without settings."""
    return {name: text for name, text in os.environ.items() if name not in {*config.names(), "PYTHONPATH"}}


def run(command: list[str], **more: object) -> str:
    process = subprocess.run(command, capture_output=True, text=True, timeout=300, **more)  # type: ignore[call-overload]
    assert process.returncode == 0, process.stdout + process.stderr
    return str(process.stdout)


def test_installed_command_prints_its_version(programs: Path, home: Path, plain_environ: dict[str, str]) -> None:
    output = run([str(programs / "feelback"), "--version"], cwd=home, env=plain_environ)
    assert output == f"feelback, version {__version__}\n"


def test_installed_data_are_outside_the_package(programs: Path, home: Path, plain_environ: dict[str, str]) -> None:
    code = "from app import config; print(config.ROOT, config.HOME, config.DATA, sep='\\n')"
    root, current, data = run(
        [str(programs / "python"), "-Pc", code],
        cwd=home, env={**plain_environ, "HOME": "/home/someone", "XDG_DATA_HOME": ""},
    ).splitlines()  # fmt: skip
    assert root.startswith(str(programs.parent))
    assert current == str(home)
    assert data == "/home/someone/.local/share/feelback"


def test_installed_command_migrates_and_serves(
    programs: Path, home: Path, plain_environ: dict[str, str], empty_database: str
) -> None:
    port = free_port()
    (home / ".env").write_text(f"DATABASE_URL={empty_database}\nSECRET_KEY={SECRET}\nPORT={port}\nWORKER=off\n")
    feelback = str(programs / "feelback")
    assert "functions recreated" in run([feelback, "migrate"], cwd=home, env=plain_environ)
    with serving([feelback, "serve"], home, plain_environ):
        for path in ("/sign-in", "/docs/getting-started", "/docs/settings", "/changelog", "/sdk/feelback.js"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
                assert response.status == 200
                assert response.read()


@contextlib.contextmanager
def serving(command: list[str], folder: Path, environ: dict[str, str]) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=output, stderr=output)
    try:
        end = time.monotonic() + 120
        while "ready " not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(60)
