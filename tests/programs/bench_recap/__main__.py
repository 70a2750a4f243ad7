"""The command line of `make bench-recap`."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import click
import psycopg

from app import config
from app.config import ROOT
from app.database import migrate
from app.database.embedded import cluster
from app.recaps.chart_processes import CORES
from tests.programs.bench.report import Line, aligned, figure, reached
from tests.programs.bench_recap import meter, seed, sink

SECRET = "only-for-benches-only-for-benches-only"
OURS, NAIVE = ["-m", "app", "work", "--once"], ["-m", "tests.programs.bench_recap.naive"]
WARM = 100  # recaps, before memory is said to be what it is


@dataclass
class Run:
    """Recaps that were drawn and sent: how many, in how many seconds, of CPU too; memory by how many were sent."""

    recaps: int
    seconds: float
    cpu: float
    kilobytes: float
    memory: dict[int, float] = field(default_factory=dict)

    @property
    def a_second(self) -> float:
        """How many a second."""
        return self.recaps / self.seconds

    @property
    def peak(self) -> float:
        """The most memory, in megabytes."""
        return max(self.memory.values())

    @property
    def early(self) -> float:
        """The memory around the 100th, or half of fewer."""
        warm = min(WARM, self.recaps // 2)
        return self._between(warm, warm + max(50, self.recaps // 20))

    @property
    def late(self) -> float:
        """The memory towards the end."""
        return self._between(self.recaps * 19 // 20, self.recaps)

    def _between(self, low: int, high: int) -> float:
        return median([value for sent, value in self.memory.items() if low <= sent < high] or [self.peak])


@click.command()
@click.option("--recaps", type=click.IntRange(20), default=10_000, show_default=True, help="How many ours sends.")
@click.option("--naive", type=click.IntRange(5), default=300, show_default=True, help="How many the naive way sends.")
@click.option("--json", "path", type=click.Path(path_type=Path), default=Path("bench-recap.json"), show_default=True)
def main(recaps: int, naive: int, path: Path) -> None:
    """Enqueue RECAPS recaps in one call and send them, beside a worker that draws through pyplot.

    Exits with 1 where a recap was lost or doubled, and with 0 whatever was measured.
    """
    monday = (datetime.now(UTC) - timedelta(days=datetime.now(UTC).weekday())).date()
    due = datetime(monday.year, monday.month, monday.day, 8, tzinfo=UTC)
    with ExitStack() as stack:
        dsn = stack.enter_context(_database())
        box = stack.enter_context(sink.serving())
        connection = stack.enter_context(closing(psycopg.connect(dsn, autocommit=True)))
        _progress(f"{recaps:,} projects")
        seed.create(connection, recaps, due)
        began = time.perf_counter()
        enqueued = connection.execute("call fn.run_by_account('{enqueue recaps}', %s)", [due]).fetchone()
        enqueuing = time.perf_counter() - began
        connection.execute("update mail set next_at = 'infinity', give_up_at = 'infinity'")
        runs: dict[str, list[Run]] = {"naive": [], "ours": []}
        half = naive // 2
        # The naive way before and after: what drifts meets both alike.
        for kind, size in (("naive", half), ("ours", recaps - 2 * half), ("naive", half)):
            _progress(f"{size:,} recaps, {kind}")
            runs[kind].append(_send(connection, dsn, box, NAIVE if kind == "naive" else OURS, size))
        rows = connection.execute("select outcome, attempts, count(*) from mail group by 1, 2").fetchall()
    ours = runs["ours"][0]
    slow = Run(*(sum(getattr(each, name) for each in runs["naive"]) for name in ("recaps", "seconds", "cpu")), 0)
    lines = [
        Line(f"Recaps a second over the naive way's, on {CORES} cores", "≥", 3, ours.a_second / slow.a_second,
             tuple(ours.a_second / each.a_second for each in runs["naive"])),
        Line(f"Memory towards the last over around the {WARM}th", "≤", 1.1,
             ours.late / ours.early),
        Line(f"Seconds to enqueue {recaps:,} in one statement", "≤", 2, enqueuing),
    ]  # fmt: skip
    click.echo("\n" + _table(runs) + "\n\n" + reached(lines))
    results = {kind: [asdict(each) for each in each_kind] for kind, each_kind in runs.items()}
    report = {
        "cores": CORES,
        "enqueued": enqueued,
        "outcomes": rows,
        "runs": results,
        "reach": [asdict(x) for x in lines],
    }
    path.write_text(json.dumps(report, indent=1) + "\n")
    click.echo(f"\nWritten to {path}")
    if rows != [("sent", 1, recaps)] or box.mails != recaps:
        sys.exit(f"BROKEN: {rows}, and the mail server took {box.mails:,}")


def _send(connection: psycopg.Connection, dsn: str, box: sink.Sink, command: list[str], recaps: int) -> Run:
    connection.execute(
        "update mail set next_at = now() where id in (select id from mail where outcome is null limit %s)", [recaps]
    )
    before, octets = box.mails, box.octets
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=_environment(dsn, box), stdout=subprocess.DEVNULL
    )
    memory: dict[int, float] = {}
    while box.mails == before and process.poll() is None:
        time.sleep(0.01)
    began, first, cpu, spent = time.perf_counter(), box.mails - before, meter.cpu_seconds(process.pid), 0.0
    while process.poll() is None:
        sent = box.mails - before
        memory[sent] = meter.megabytes(process.pid)
        spent = max(spent, meter.cpu_seconds(process.pid) - cpu)
        time.sleep(0.5 if recaps > 1000 else 0.1)
    if process.returncode:
        sys.exit(f"BROKEN: the worker ended with {process.returncode}")
    sent = box.mails - before
    return Run(sent - first, box.last - began, spent, (box.octets - octets) / sent / 1000, memory)


def _table(runs: dict[str, list[Run]]) -> str:
    cells = [("", "recaps", "recaps/s", "per core", "CPU ms each", "kB each", "peak MB", f"MB at {WARM}", "MB at last")]
    for kind, each_kind in runs.items():
        for run in each_kind:
            cores = 1 if kind == "naive" else CORES
            cells.append((
                {"naive": "naive, through pyplot", "ours": "feelback work"}[kind], f"{run.recaps:,}",
                figure(run.a_second), figure(run.a_second / cores), figure(1000 * run.cpu / run.recaps),
                figure(run.kilobytes), figure(run.peak), figure(run.early), figure(run.late),
            ))  # fmt: skip
    return aligned(cells)


@contextmanager
def _database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="feelback-bench-") as folder:
        Path(folder).chmod(0o755)
        settings = config.load({"FEELBACK_DATA": folder, "SECRET_KEY": SECRET})
        with cluster.use(settings) as dsn:
            migrate.apply(dsn, secret=SECRET)
            yield dsn


def _environment(dsn: str, box: sink.Sink) -> dict[str, str]:
    return {
        **os.environ, "DATABASE_URL": dsn, "SECRET_KEY": SECRET, "LOG_LEVEL": "warning", "MAIL_PER_SECOND": "1000",
        "MAIL_URL": f"smtp://127.0.0.1:{box.port}", "MAIL_FROM": "Feelback <mail@feelback.example>",
    }  # fmt: skip


def _progress(what: str) -> None:
    click.echo(f"{what} …", err=True)


if __name__ == "__main__":
    main()
