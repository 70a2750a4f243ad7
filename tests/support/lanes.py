"""Which tests `make quick` leaves out, and in which order workers get files: those that take longest first."""

import os
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
    "tests/sql/test_reconcile_columns.py",
    "tests/sql/test_comparisons.py",
    "tests/database/test_previous_version.py",
    "tests/worker/test_deliveries.py",
    "tests/server/test_watchdog.py",
    "tests/api/test_fuzz.py",
    "tests/backups/*",
    "tests/sdk/*",
    "tests/packages/*",
    "tests/browser/*",
    "tests/image/*",
    "tests/programs/*",
    "*_browser.py",
    "tests/panel/billing/test_journeys.py",
    "tests/panel/billing/test_browser.py",
    "tests/ingest/test_sdk.py",
    "tests/ingest/test_concurrency.py",
    "tests/ingest/test_crash.py",
    "tests/ingest/test_clocks.py",
    "tests/ingest/test_fuzz.py",
    "tests/ingest/test_serving.py",
    "tests/ingest/test_shares.py",
    "tests/ingest/test_network_faults.py",
    "tests/recaps/test_recap.py",
    "tests/worker/test_mails.py",
    "tests/fly/*",
    "tests/database/test_cluster.py",
    "tests/database/test_pg_cron.py",
    "tests/database/test_scheduler.py",
    "tests/database/test_standby.py",
    "tests/mail/test_mail_clients.py",
    "tests/row_security/test_pgbouncer.py",
    "tests/server/test_supervisor.py",
    "tests/sql/test_aggregates_property.py",
    "tests/telemetry/*",
)


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
    """Declare the marker."""
    config.addinivalue_line("markers", "slow: left out by `make quick`; see tests/support/lanes.py")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark slow tests and put their files first, in the order of SLOW: a long file that starts last is waited for."""

    for item in items:
        if _lane(item.path) < len(SLOW):
            item.add_marker("slow")
    yield  # pytest's own, which selects by `-m`
    items.sort(key=lambda item: _lane(item.path))


@cache  # of a file, not of each of its tests
def _lane(path: Path) -> int:
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
    return next((number for number, pattern in enumerate(SLOW) if fnmatch(name, pattern)), len(SLOW))
