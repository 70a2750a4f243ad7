"""Which tests `make quick`, `make check` and the image run, and in which order workers get files.

Those that take longest come first.
"""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parents[2]
# They need a browser, Node, a second Postgres or processes of their own, or try thousands of cases.
SLOW = (
    "*_browser.py",
    "tests/api/test_fuzz.py",
    "tests/backups/*",
    "tests/browser/*",
    "tests/database/test_cluster.py",
    "tests/database/test_pg_cron.py",
    "tests/database/test_previous_version.py",
    "tests/database/test_scheduler.py",
    "tests/database/test_standby.py",
    "tests/fly/*",
    "tests/image/*",
    "tests/ingest/test_clocks.py",
    "tests/ingest/test_concurrency.py",
    "tests/ingest/test_crash.py",
    "tests/ingest/test_fuzz.py",
    "tests/ingest/test_network_faults.py",
    "tests/ingest/test_sdk.py",
    "tests/ingest/test_serving.py",
    "tests/ingest/test_shares.py",
    "tests/mail/test_mail_clients.py",
    "tests/packages/*",
    "tests/panel/billing/test_browser.py",
    "tests/panel/billing/test_journeys.py",
    "tests/programs/*",
    "tests/recaps/test_recap.py",
    "tests/row_security/test_pgbouncer.py",
    "tests/sdk/*",
    "tests/server/test_supervisor.py",
    "tests/server/test_watchdog.py",
    "tests/sql/test_aggregates_property.py",
    "tests/sql/test_comparisons.py",
    "tests/sql/test_reconcile_columns.py",
    "tests/telemetry/*",
    "tests/worker/test_deliveries.py",
    "tests/worker/test_mails.py",
)
# What each file took in a whole run on two cores, in seconds; `make seconds` writes it. A file that it does not name is
# new, and in both lanes.
SECONDS = ROOT / "tests/support/seconds.txt"
# Seconds of a file, at most, by marker. Files in tests/ itself, which hold rules for all code, are in both lanes.
LANES = {"quick": 3.0, "check": 30.0}


class _Scheduling(LoadFileScheduling):
    """A file goes to one worker, and so does all of tests/image: each worker would build an image of the same name."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/image" if nodeid.startswith("tests/image/") else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)  # `-p no:xdist` has no such hook
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """In place of --dist loadfile."""
    return _Scheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: many tests wait for a process or a browser."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, and measure files for `make seconds`."""
    config.addinivalue_line("markers", "slow: not run in the image; see tests/support/lanes.py")
    for lane in LANES:
        config.addinivalue_line("markers", f"{lane}: run by `make {lane}`; see tests/support/lanes.py")
    if os.environ.get("WRITE_SECONDS") and not os.environ.get("PYTEST_XDIST_WORKER"):
        config.pluginmanager.register(_Stopwatch())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no file of which a lane would choose no test: four processes import, for 9 seconds of CPU each."""
    lane = config.option.markexpr
    is_left_out = lane in LANES and collection_path.suffix == ".py" and not _is_in(lane, collection_path)
    return is_left_out or None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark tests, and put files that take long first: one that starts last is waited for."""
    for item in items:
        if _is_slow(item.path):
            item.add_marker("slow")
        for lane in LANES:
            if _is_in(lane, item.path):
                item.add_marker(lane)
    yield  # pytest's own, which selects by `-m`
    items.sort(key=lambda item: -_seconds(item.path))
    gc.collect()
    gc.freeze()  # of thousands of tests, which no later collection need go through


@cache  # of a file, not of each of its tests
def _is_slow(path: Path) -> bool:
    return any(fnmatch(_name(path), pattern) for pattern in SLOW)


@cache
def _is_in(lane: str, path: Path) -> bool:
    if lane == "quick" and _is_slow(path):
        return False
    return path.parent == ROOT / "tests" or _seconds(path) < LANES[lane]


class _Stopwatch:
    def __init__(self) -> None:
        self._seconds: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid.split("::")[0]] += report.duration  # type: ignore[assignment]

    def pytest_sessionfinish(self) -> None:
        lines = [f"{seconds:.1f} {name}\n" for name, seconds in sorted(self._seconds.items())]
        SECONDS.write_text("".join(lines))


@cache
def _seconds(path: Path) -> float:
    return _measured().get(_name(path), 0.0)


@cache
def _measured() -> dict[str, float]:
    lines = (line.split() for line in SECONDS.read_text().splitlines())
    return {name: float(seconds) for seconds, name in lines}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
