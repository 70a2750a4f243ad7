"""A pytest plugin: which tests may be skipped where nothing may be missing, which is in CI.

With CI=true a test that is skipped for any reason that is not in `ALLOWED` fails the run.
"""

import os

import pytest

# Part of the reason that a test gives, and why CI may do without the test.
ALLOWED = {
    "only root runs Postgres as another user": "a regular user's Postgres runs as that user; the run as root tests it",
    "no FUSE here": "a container has no /dev/fuse unless it is given one; the run on a machine tests it",
    "only root can build the image": "a regular user needs a container engine for that; the run as root tests it",
    "MkDocs and Sphinx are missing: run make site-tools": "heavy tools of others; that command installs and tests them",
    "hugo is missing": "no package of ours needs it; `make site-tools` tests it where it is installed",
    "jekyll is missing": "no package of ours needs it; `make site-tools` tests it where it is installed",
    "TEST_CITUS names no cluster": "Citus is no dependency; `make test-citus` runs the test where there is one",
    "Citus takes no triggers": "the test makes a statement fail by one; it runs wherever there is one server",
    "a job does it on Citus": "the test is about what one server does at once; those of the job run on both",
    "a cluster has these functions in another form": "the test changes their text itself, which is the same everywhere",
    "plans of a cluster are on its nodes": "the test reads a plan, which is the same on each node as on one server",
    "about one server": "those tests stop or starve the server itself; they run wherever there is one",
    "this Postgres has no plpgsql_check": "the embedded one never has; `make test-debian` runs the test on Debian's",
}


class UnlistedSkips:
    """Collects the skipped tests with a reason that is not allowed, and fails the run if there are any."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test was skipped, in this process or in one of xdist's."""
        if not hasattr(report, "wasxfail"):
            self._collect(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A whole module was skipped."""
        self._collect(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run, unless it has failed already."""
        if self.reasons and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """List them."""
        if self.reasons:
            terminalreporter.section("skipped, and not allowed in tests/support/skips.py", red=True)
        for test, reason in self.reasons.items():
            terminalreporter.line(f"{test}: {reason}")

    def _collect(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped:
            return
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(allowed in reason for allowed in ALLOWED):
            self.reasons[report.nodeid] = reason.removeprefix("Skipped: ")


def pytest_configure(config: pytest.Config) -> None:
    """Only in CI, and there only in the process that has every worker's reports."""
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(UnlistedSkips(), "unlisted-skips")
