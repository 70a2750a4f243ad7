"""`make bench` works and reports correct figures; these tests do not depend on the machine's speed."""

import contextlib
import http.server
import json
import subprocess
import sys
import threading
from dataclasses import fields
from pathlib import Path

import pytest

from app.config import ROOT
from tests.programs.bench import cpu, load
from tests.programs.bench.load import BrokenCaseError
from tests.programs.bench.measure import Measured
from tests.programs.bench.report import Line, lines, medians

needs_wrk = pytest.mark.skipif(load.missing() is not None, reason=str(load.missing()))
FIGURES = {field.name for field in fields(Measured)}


@needs_wrk
def test_it_measures_and_writes_json(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    chosen = ["noop", "create_v1"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.programs.bench", "--quick", "--json", path]
        + [f"--only={name}" for name in chosen],
        cwd=ROOT, capture_output=True, text=True, timeout=90,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(path.read_text())
    assert result["broken"] == {}
    assert result["machine"]["fsync"] == result["machine"]["synchronous_commit"] == "on"
    rows = {row["case"]: row for row in result["rows"]}
    assert list(rows) == chosen
    for name, row in rows.items():
        assert row.keys() == FIGURES | {"case", "title", "connections", "items", "rounds"}
        assert [each.keys() for each in row["rounds"]] == [FIGURES]
        assert row["requests"] > 0
        assert row["server_us"] > 0
        assert row["title"] in done.stdout
        assert (row["rows_a_flush"] is not None) == (name == "create_v1")
    reach = {line["name"]: line for line in result["reach"]}
    assert all(line.keys() == {"name", "bound", "target", "value", "rounds", "reached"} for line in reach.values())
    assert isinstance(reach["POST /v1/responses: CPU over (a)"]["reached"], bool)
    assert reach["POST /v1/responses: CPU over (c)"]["reached"] is None


@needs_wrk
@pytest.mark.parametrize("look", [True, False])
def test_it_breaks_a_case_that_is_refused(look: bool) -> None:
    with _refusing() as port, pytest.raises(BrokenCaseError, match="refused"):
        load.run(load.get(port, ["/"]), port, 2, 1, look=look)


def test_it_judges_by_medians() -> None:
    def measured(cpu_us: float) -> Measured:
        return Measured(100, 1, 100, 1, 2, cpu_us, 0, cpu_us, None)

    assert medians([measured(1), measured(90), measured(3)]).cpu_us == 3
    rounds = {"noop": [measured(n) for n in (100, 200, 300)], "create_v0": [measured(n) for n in (131, 400, 300)]}
    by_name = {line.name: line for line in lines(rounds)}
    assert by_name["POST /v0/feelbacks/create: CPU over (a)"].value == 1.5
    assert by_name["POST /v0/feelbacks/create: CPU over (a)"].rounds == (1.31, 2, 1)
    assert by_name["POST /v0/feelbacks/create: CPU over (a)"].is_reached is False
    assert by_name["POST /v0/feelbacks/create: requests/s over (a)"].is_reached is True
    assert by_name["POST /v0/feelbacks/create: CPU over (c)"].is_reached is None
    assert Line("", "≤", 1.3, 1.3).is_reached
    assert Line("", "≥", 0.85, 0.85).is_reached


def test_it_counts_the_time_of_children() -> None:
    burn = "import subprocess, sys, time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {burn!r}])\ninput()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        wait = threading.Event()
        for _ in range(100):
            if cpu.seconds(parent.pid) >= 0.2:
                break
            wait.wait(0.1)
        assert cpu.seconds(parent.pid) >= 0.2
    finally:
        parent.communicate(b"\n")


class _Refuses(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def _refusing():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refuses) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
