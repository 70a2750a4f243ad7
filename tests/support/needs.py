"""Marks that skip a test where Chromium, Node or the packages of the tests are missing."""

import shutil

import pytest

from tests.support.sdk_pages import CHROMIUM, MODULES

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="chromium is missing: run tests/install")
needs_node = pytest.mark.skipif(
    not (shutil.which("node") and (MODULES / "esbuild").is_dir()),
    reason="node or the packages of the tests are missing: run tests/install",
)
needs_both = pytest.mark.skipif(
    not (CHROMIUM and shutil.which("node") and (MODULES / "axe-core").is_dir()),
    reason="chromium, node or the packages of the tests are missing: run tests/install",
)
