"""`make bench-recap` works and reports correct figures; these tests do not depend on the machine's speed."""

import json
import subprocess
import sys
from pathlib import Path

from app.config import ROOT
from tests.programs.bench_recap.__main__ import Run
from tests.programs.bench_recap.naive import _png
from tests.support.charts import MOOD, ROWS, WEEK


def test_it_sends_each_recap_once_and_writes_json(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.programs.bench_recap", "--recaps", "40", "--naive", "10", "--json", path],
        cwd=ROOT, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(path.read_text())
    assert result["enqueued"] == [40]
    assert result["outcomes"] == [["sent", 1, 40]]
    assert [len(result["runs"][kind]) for kind in ("naive", "ours")] == [2, 1]
    for run in (*result["runs"]["naive"], *result["runs"]["ours"]):
        assert run["seconds"] > 0
        assert run["cpu"] > 0
        assert 20 < run["kilobytes"] < 200
    assert "Recaps a second over the naive way's" in done.stdout


def test_memory_is_compared_with_that_after_warm_up() -> None:
    run = Run(1000, 10, 20, 60, {10: 300, 100: 150, 120: 152, 500: 170, 960: 156, 990: 154, 1000: 20})
    assert (run.a_second, run.peak, run.early, run.late) == (100, 300, 151, 155)


def test_the_naive_way_draws_as_large_a_picture() -> None:
    for chart in (WEEK, ROWS, MOOD):
        assert _png(chart).startswith(b"\x89PNG")
