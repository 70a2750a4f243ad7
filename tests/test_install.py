import os
import subprocess
from pathlib import Path

from app.config import ROOT

# A system with libatomic, whose list of libraries is longer than a pipe takes: it goes on after the line that is looked
# for, when its reader may have ended.
LDCONFIG = """#!/bin/sh
echo '	libatomic.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libatomic.so.1'
yes '	libother.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libother.so.1' | head -5000
"""
NOT_ROOT = "#!/bin/sh\necho 1000\n"


def test_a_library_in_a_long_list_is_not_missing(tmp_path: Path) -> None:
    for name, script in {"ldconfig": LDCONFIG, "id": NOT_ROOT}.items():
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "CI": ""}
    finished = subprocess.run(
        [ROOT / "tests/install", "packages"], env=environ, capture_output=True, text=True, timeout=60
    )
    assert finished.returncode == 0, finished.stderr
    assert "libatomic1" not in finished.stdout + finished.stderr
