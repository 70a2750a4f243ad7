"""Marks that skip a test where Chromium, Node, the packages of the tests or a device is missing."""

import os
import shutil
from pathlib import Path

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


def _has_fuse() -> bool:
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return False
    capabilities = Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0]
    # CAP_SYS_ADMIN, which root has not in every container; for others fusermount3 mounts, which is root's.
    return os.geteuid() != 0 or bool(int(capabilities, 16) >> 21 & 1)


HAS_FUSE = _has_fuse()
needs_fuse = pytest.mark.skipif(
    not (HAS_FUSE and shutil.which("fusermount3")),
    reason="fusermount3 is missing: run tests/install" if HAS_FUSE else "no FUSE here: /dev/fuse cannot be used",
)
