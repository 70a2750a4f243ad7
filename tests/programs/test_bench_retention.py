"""`make bench-retention` works and tells the truth; it is never a test of how fast this machine is."""

import json
import subprocess
import sys
from pathlib import Path

from app.config import ROOT
from tests.programs.bench_retention.client import percentile


def test_it_measures_and_writes_json(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    command = [
        sys.executable,
        "-m",
        "tests.programs.bench_retention",
        "--rows",
        "500",
        "--rate",
        "20",
        "--seconds",
        "3",
    ]
    done = subprocess.run(
        [*command, "--rounds", "1", "--json", path], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(path.read_text())
    assert result["rows"] == 500
    assert 0 < result["p50"]["idle"] <= result["p99"]["idle"]
    assert "500 expired responses deleted" in done.stdout
    assert f"a million in {result['minutes_for_a_million']:.0f} min" in done.stdout
    assert f"{result['ratio']:.2f} times" in done.stdout


def test_it_knows_percentiles() -> None:
    assert percentile([n / 1000 for n in range(1, 101)], 0.5) == 51
    assert percentile([n / 1000 for n in range(1, 101)], 0.99) == 100
    assert percentile([0.004], 0.99) == 4
