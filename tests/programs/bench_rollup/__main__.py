"""The command line of `make bench-rollup`."""

import contextlib
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import click
import psycopg

from app import config
from app.database import migrate
from app.database.embedded import cluster, postgres
from tests.programs.bench import cpu, load
from tests.programs.bench.load import BrokenCaseError
from tests.programs.bench.report import reached
from tests.programs.bench_rollup import clock, history, ingestion, months, reads, refresh, report, tenants
from tests.programs.bench_rollup.clock import Cost
from tests.programs.bench_rollup.report import Figure
from tests.programs.bench_rollup.scale import Scale, scale
from tests.support.settings import SECRET

STARTED = time.monotonic()
QUICK_ROWS = 100_000


@click.command()
@click.option("--rows", type=click.IntRange(20_000), default=10_000_000, show_default=True, help="Rows at last.")
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Number of rounds; the result is their median.",
)
@click.option("--calls", type=click.IntRange(1), default=400, show_default=True, help="Calls of each read in a round.")
@click.option("--seconds", type=click.IntRange(1), default=10, show_default=True, help="How long responses are sent.")
@click.option("--quick", is_flag=True, help="Few rows, one round: does it work at all?")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="Where to put the database.")
@click.option("--json", "path", type=click.Path(path_type=Path), default=Path("bench-rollup.json"), show_default=True)
def main(rows: int, rounds: int, calls: int, seconds: int, quick: bool, folder: Path | None, path: Path) -> None:
    """Measure what the aggregates cost at a tenth, half and all of ROWS responses; print a table and write JSON.

    Exits with 1 where something did not do what it is measured for, and with 0 whatever was measured.
    """
    if fault := load.missing():
        sys.exit(fault)
    if quick:
        rows, rounds, calls, seconds = min(rows, QUICK_ROWS), 1, 20, 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an exception, so that all that runs is stopped
    wanted = scale(rows)
    with contextlib.ExitStack() as stack:
        dsn, postmaster = stack.enter_context(_database(folder))
        until = datetime.now(UTC)
        figures, copies = _load(dsn, wanted, until)
        sessions = {size: stack.enter_context(contextlib.closing(clock.connect(at))) for size, at in copies.items()}
        connection = sessions[rows]
        facts = _facts(connection, wanted)
        figures += _reads(sessions, until, rounds, calls) + _refreshes(sessions, wanted, rounds)
        _progress("ingestion")
        broken, ingestion_rounds = None, {kind: [] for kind in ingestion.BESIDE}
        try:
            ingestion_rounds = ingestion.measure(dsn, postmaster, seconds, min(rounds, 3))
        except (BrokenCaseError, RuntimeError) as error:
            broken = str(error)  # the rest has been measured and is reported
        _progress("months")
        rows_a_month = months.rows_a_month(connection)
        gone = months.measure(connection, min(rounds, 3))
    figures += [Figure(f"{kind} of a month", rows, tuple(costs)) for kind, costs in gone.items()]
    lines = report.lines(figures, [read.name for read in reads.READS], gone, ingestion_rounds)
    result = report.as_json(figures, lines)
    click.echo("\n" + ", ".join(f"{name} {value}" for name, value in facts.items()))
    click.echo(f"A month has {rows_a_month:,} rows.\n")
    click.echo("\n\n".join((report.table(figures), report.table_of_ingestion(ingestion_rounds), reached(lines))))
    ingested = {kind: [asdict(each) for each in windows] for kind, windows in ingestion_rounds.items()}
    path.write_text(json.dumps({"machine": facts, **result, "ingestion": ingested, "broken": broken}, indent=1) + "\n")
    click.echo(f"\nWritten to {path}")
    if broken:
        sys.exit(f"BROKEN ingestion: {broken}")


def _load(dsn: str, wanted: Scale, until: datetime) -> tuple[list[Figure], dict[int, str]]:
    """Loads each size on top of the one before; what the rebuilds cost, and a database of each size."""
    figures: list[Figure] = []
    databases: dict[int, str] = {}
    with contextlib.closing(clock.connect(dsn)) as connection:
        _progress(f"{wanted.placements:,} pages in {wanted.projects} projects")
        tenants.create(connection, wanted, until - history.YEARS)
        history.create_partitions(connection, until)
    for before, size in pairwise((0, *wanted.sizes)):
        with contextlib.closing(clock.connect(dsn)) as connection:
            history.add_rows(connection, size - before, wanted.placements, until, _progress)
            _progress(f"tallies of {size:,}")
            history.count(connection)
            _progress("windows and periods from scratch")
            windows, periods = history.rebuild(connection, until)
            history.settle(connection)
        for name, cost in (("rebuild all windows", windows), ("close all periods", periods)):
            figures.append(Figure(name, size, (cost,)))
            _progress(f"{name}: {cost.wall:.1f} s")
        databases[size] = dsn if size == wanted.sizes[-1] else _copy(dsn, f"bench_{size}")
    return figures, databases


def _copy(dsn: str, name: str) -> str:
    """A copy of the database, to which nobody may be connected."""
    admin = urlunsplit(urlsplit(dsn)._replace(path="/postgres"))
    template = urlsplit(dsn).path.strip("/")
    with contextlib.closing(psycopg.connect(admin, autocommit=True)) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy".encode())
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def _reads(sessions: dict[int, psycopg.Connection], until: datetime, rounds: int, calls: int) -> list[Figure]:
    """Every read at every size, side by side: what drifts meets all sizes alike."""
    results = []
    for read in reads.READS:
        _progress(read.name)
        costs: dict[int, list[Cost]] = {size: [] for size in sessions}
        returned = {}
        for _ in range(rounds):
            for size, connection in sessions.items():
                cost, returned[size] = reads.measure(connection, read, calls, until.date())
                costs[size].append(cost)
        results += [Figure(read.name, size, tuple(costs[size]), returned[size]) for size in sessions]
    return results


def _refreshes(sessions: dict[int, psycopg.Connection], wanted: Scale, rounds: int) -> list[Figure]:
    """Every refresh at every size, side by side."""
    costs: dict[tuple[str, int], list[Cost]] = {}
    for at in range(rounds):
        _progress(f"refreshes, {at + 1} of {rounds}")
        for size, connection in sessions.items():
            for command, cost in refresh.once(connection, wanted).items():
                costs.setdefault((command, size), []).append(cost)
    return [Figure(command, size, tuple(each)) for (command, size), each in costs.items()]


@contextlib.contextmanager
def _database(folder: Path | None) -> Iterator[tuple[str, int]]:
    """A new Postgres with our schema, as in production; how to connect, and the process."""
    home = Path(tempfile.mkdtemp(prefix="feelback-bench-", dir=folder))
    try:
        home.chmod(0o755)  # the database's user must get through
        settings = config.load({"FEELBACK_DATA": str(home / "data"), "PGBIN": os.environ.get("PGBIN", "")})
        with cluster.use(settings) as dsn:
            migrate.apply(dsn, secret=SECRET)
            postmaster = postgres.process(postgres.home(settings.feelback_data))
            assert postmaster
            yield dsn, postmaster
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _facts(connection: psycopg.Connection, wanted: Scale) -> dict[str, str]:
    settings = {}
    for name in ("server_version", "fsync", "synchronous_commit", "shared_buffers"):
        row = connection.execute(f"show {name}".encode()).fetchone()
        assert row
        settings[name] = row[0]
    return {
        **settings,
        "rows": " → ".join(f"{size:,}" for size in wanted.sizes),
        "placements": f"{wanted.placements:,}",
        "projects": str(wanted.projects),
        "accounts": str(wanted.accounts),
        "responses before a refresh": f"{wanted.responses:,}",
        "cores": str(os.cpu_count()),
        "cpu": cpu.model(),
        "python": platform.python_version(),
        "load before": f"{os.getloadavg()[0]:.2f}",
    }


def _progress(text: str) -> None:
    click.echo(f"{time.monotonic() - STARTED:6.0f} s  {text}", err=True)


if __name__ == "__main__":
    main(prog_name="python -m tests.programs.bench_rollup")
