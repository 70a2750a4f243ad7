"""`make bench-rollup` works and reports correct figures; these tests do not depend on the machine's speed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT
from tests.programs.bench import load
from tests.programs.bench_rollup.clock import Cost
from tests.programs.bench_rollup.ingestion import ALONE, BESIDE, OTHER_WORK, REFRESHES, Taken
from tests.programs.bench_rollup.reads import READS
from tests.programs.bench_rollup.report import Figure, growth, lines, table
from tests.programs.bench_rollup.scale import scale

REFRESH = "refresh of days, windows and scores"


@pytest.mark.skipif(load.missing() is not None, reason=str(load.missing()))
def test_it_measures_and_writes_json(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.programs.bench_rollup", "--quick", "--rows", "20000", "--json", path],
        cwd=ROOT, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(path.read_text())
    assert result["broken"] is None
    sizes = list(scale(20_000).sizes)
    by_name: dict[str, list[int]] = {}
    for figure in result["figures"]:
        by_name.setdefault(figure["name"], []).append(figure["size"])
        assert figure["name"] in done.stdout
        assert figure["cost"]["wall"] > 0
        assert figure["cost"]["cpu"] > 0
    for name in (*(read.name for read in READS), REFRESH, "rebuild all windows", "close all periods"):
        assert by_name[name] == sizes
    assert {"DELETE of a month", "VACUUM of a month", "DROP of a month"} <= by_name.keys()
    assert {kind: len(windows) for kind, windows in result["ingestion"].items()} == dict.fromkeys(BESIDE, 1)
    assert result["ingestion"][REFRESHES][0]["done"] > 0
    assert all(isinstance(line["reached"], bool) for line in result["reach"])


def test_it_loads_the_number_of_rows_asked_for() -> None:
    assert scale(10_000_000).sizes == (1_000_000, 5_000_000, 10_000_000)
    assert (scale(10_000_000).placements, scale(10_000_000).projects) == (100_000, 200)
    assert scale(100_000).sizes == (10_000, 50_000, 100_000)


def test_it_judges_by_the_median_and_by_the_ends() -> None:
    def figure(size: int, *cpus: float) -> Figure:
        return Figure(REFRESH, size, tuple(Cost(1, cpu) for cpu in cpus))

    figures = [figure(10, 1, 9, 2), figure(50, 7), figure(100, 3, 3, 1)]
    assert growth(figures, REFRESH) == 1.5
    assert growth(figures[:1], REFRESH) is None
    gone = {"DELETE": [Cost(20, 1)], "VACUUM": [Cost(15, 1)], "DROP": [Cost(1, 1)]}
    ingested = {
        ALONE: [Taken(100, 1, 1, 1, 0)], REFRESHES: [Taken(70, 1, 1, 1, 5)], OTHER_WORK: [Taken(80, 1, 1, 1, 5)]
    }  # fmt: skip
    reached = {line.name: line.is_reached for line in lines(figures, [], gone, ingested)}
    assert list(reached.values()) == [False, True, False, True]
    assert "1.50" in table(figures)
    assert [line.value for line in lines([], [], {kind: [] for kind in gone}, {kind: [] for kind in ingested})] == [
        None
    ] * 4
