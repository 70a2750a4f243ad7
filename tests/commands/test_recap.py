"""`feelback recap preview` and the progress of `feelback work`."""

import logging
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from app.commands.progress import Progress, line
from app.config import ROOT
from tests.support.recap_world import build
from tests.support.settings import SECRET
from tests.support.sql_world import World


@pytest.fixture
def acorn(database: str) -> str:
    """A database with the small website in it."""
    world = World(database)
    build(world)
    world.close_connection()
    return database


def preview(database: str, *options: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "recap", "preview", *options],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": database, "SECRET_KEY": SECRET}, capture_output=True, text=True,
    )  # fmt: skip


def test_it_prints_the_last_week_as_text(acorn: str) -> None:
    for period in ([], ["--period", "week"], ["--period", "2026-W47"]):
        process = preview(acorn, "--project", "acorn", *period)
        assert process.returncode == 0, process.stderr
        assert process.stdout.startswith(
            "Subject: Responses up 123 % to 67; best: /pricing – Acorn\n\nAcorn, week 47 of 2026\n16–22 November 2026\n"
        )


def test_it_writes_a_file_to_open(acorn: str, tmp_path: Path) -> None:
    for name, begins in (
        ("r.html", "<!DOCTYPE html>"),
        ("r.eml", "From: Feelback"),
        ("r.txt", "Subject: A quiet month"),
    ):
        out = tmp_path / name
        process = preview(acorn, "--project", "acorn", "--period", "2026-10", "--out", out)
        assert process.returncode == 0, process.stderr
        assert out.read_text().startswith(begins)
        assert f"written to {out}" in process.stderr
    assert "cid:" not in (tmp_path / "r.html").read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--project", "nothing"), "There is no project nothing."),
        (("--project", "acorn", "--period", "2026-W48"), "There is no recap of that week yet."),
        (
            ("--project", "acorn", "--period", "2026-W60"),
            "There is no 2026-W60. Use week, month, 2026-W47 or 2026-10.",
        ),
        (("--project", "acorn", "--period", "yesterday"), "yesterday is not a period."),
    ],
)
def test_it_says_what_is_wrong(acorn: str, options: tuple[str, ...], message: str) -> None:
    process = preview(acorn, *options)
    assert process.returncode == 1
    assert process.stderr.startswith("Error: ")
    assert message in process.stderr
    assert "Traceback" not in process.stderr


def test_progress_is_one_line_on_a_terminal_and_nothing_else_anywhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = Counter({"sent": 1204, "stored": 0, "failed": 3, "later": 1, "down": 1, "none": 9})
    assert line(counts) == "1,204 sent, 0 stored, 3 failed; 2 to try again"
    Progress()(counts)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress = Progress()
    progress(counts)
    progress(counts)  # too soon to update the line
    assert capsys.readouterr() == ("", f"\r\x1b[K{line(counts)}")
    progress.end()
    assert capsys.readouterr() == ("", "\r\x1b[K")
    logging.getLogger("app.worker.mails").setLevel(logging.NOTSET)
