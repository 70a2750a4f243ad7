"""`make footprint`: memory and CPU of an idle installation, how fast it starts, and what its web process imports.

Starts `feelback run` twice in a new folder, the second time as a machine does that has run it before. Prints each
figure with what it is to be; exits with 0 whatever was measured.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import click

from app.config import ROOT
from tests.programs.bench import cpu
from tests.programs.bench.report import Line, reached

IMPORT = """
import time
started = time.process_time()
import app.__main__, app.server.web_process
print(time.process_time() - started)
"""
SETTLE_SECONDS = 10


@click.command()
@click.option("--seconds", type=click.IntRange(5), default=60, show_default=True, help="How long it is watched.")
def main(seconds: int) -> None:
    """Measure an idle installation for SECONDS; print its processes and what is to be reached."""
    imports = median(float(_python("-c", IMPORT)) for _ in range(6))
    home = Path(tempfile.mkdtemp(prefix="feelback-footprint-"))
    home.chmod(0o755)  # the database's user must get through
    environ = {**os.environ, "FEELBACK_DATA": str(home / "data"), "PORT": str(_free_port()), "LOG_LEVEL": "warning"}
    try:
        _stop(_start(environ)[0])
        process, ready, ready_cpu = _start(environ)
        try:
            time.sleep(SETTLE_SECONDS)
            commands = {pid: _command(pid) for pid in _family(process.pid)}
            ours = [pid for pid, command in commands.items() if " -m app" in command]
            memory = {pid: _pss(pid) for pid in ours}
            before, started = {pid: _cpu(pid) for pid in ours}, time.monotonic()
            time.sleep(seconds)
            passed = time.monotonic() - started
            busy = {pid: 100 * (_cpu(pid) - before[pid]) / passed for pid in ours}
        finally:
            _stop(process)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    for pid in ours:
        click.echo(f"{memory[pid]:6.1f} MB  {busy[pid]:6.3f} % of a core  {commands[pid]}")
    click.echo()
    click.echo(
        reached([
            Line("Memory without Postgres (PSS), MB", "≤", 150, sum(memory.values())),
            Line("Idle CPU without Postgres, % of a core", "≤", 0.5, sum(busy.values())),
            Line("`feelback run` on a warm machine: seconds until it is ready", "≤", 3, ready),
            Line("the same: CPU seconds", "≤", 3, ready_cpu),
            Line("Import of the web process, CPU seconds", "≤", 0.6, imports),
        ])
    )  # fmt: skip


def _start(environ: dict[str, str]) -> tuple["subprocess.Popen[str]", float, float]:
    """A server that is ready; the seconds that it took, and the CPU seconds."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "run"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    for line in process.stdout:
        if line.startswith("ready "):
            return process, time.monotonic() - started, cpu.seconds(process.pid)
    raise RuntimeError("The server ended before it was ready.")


def _stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    process.wait(60)


def _family(root: int) -> list[int]:
    children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    return [root, *(pid for child in children for pid in _family(int(child)))]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip().removeprefix(sys.executable)


def _pss(pid: int) -> float:
    """Megabytes of a process, with its part of what several share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _cpu(pid: int) -> float:
    """CPU seconds of all threads of a process, in nanoseconds' steps: an idle one uses less than a tick."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _python(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    main(prog_name="python -m tests.programs.footprint")
