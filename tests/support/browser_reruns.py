"""A pytest plugin: in CI, a test in a browser that fails is run once more; both outcomes and the traceback are printed.

Chromium on two shared cores fails one or two such tests in a whole run, and Playwright's own runner repeats them in CI
as well. `make test` elsewhere repeats nothing. A test that passes only the second time is a fault to be mended.
"""

import os
from functools import cache
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests of files that import Playwright run twice."""
    if not os.environ.get("CI"):
        return
    for item in items:
        if _is_in_browser(item.path):
            item.add_marker(pytest.mark.flaky(reruns=1))


@cache  # of a file, not of each of its tests
def _is_in_browser(path: Path) -> bool:
    return "from playwright" in path.read_text()
