"""The command line of `make bench-retention`.

Idle windows and windows in which the job runs take turns, so that what else the machine does meets both alike. At the
end of a window the job is cut off, and in the next it goes on. By default there is a twentieth of a million, which
takes five minutes, and the time for a million is computed from it. `--rows 1000000 --seconds 60` deletes a million.
"""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg

from app import config
from app.database import migrate
from app.database.embedded import cluster
from tests.programs.bench import servers
from tests.programs.bench_retention import client, seed
from tests.programs.bench_rollup import clock
from tests.support.settings import SECRET

STARTED = time.monotonic()
JOB = "call fn.delete_expired_responses()"
GOAL = 1.2


@click.command()
@click.option("--rows", type=click.IntRange(seed.PAGES), default=50_000, show_default=True, help="Expired, and kept.")
@click.option("--rate", type=click.FloatRange(1), default=100, show_default=True, help="Responses a second.")
@click.option("--seconds", type=click.FloatRange(0.5), default=10, show_default=True, help="Length of a window.")
@click.option(
    "--rounds", type=click.IntRange(1), default=4, show_default=True, help="At least as many windows of each."
)
@click.option(
    "--json", "path", type=click.Path(path_type=Path), default=Path("bench-retention.json"), show_default=True
)
def main(rows: int, rate: float, seconds: float, rounds: int, path: Path) -> None:
    """Delete ROWS expired responses beside a project that keeps as many, while responses arrive at a fixed rate.

    Exits with 1 where a response is lost or left, and with 0 whatever was measured.
    """
    latencies: dict[str, list[float]] = {"idle": [], "night": []}
    load = os.getloadavg()[0]
    with database() as dsn, contextlib.closing(clock.connect(dsn)) as connection:
        loaded = seed.create(connection, rows, _report)
        log = Path(tempfile.gettempdir(), "bench-retention.log")
        with servers.ours(servers.environment(dsn, 1), log) as server:
            asyncio.run(client.send(server.port, loaded.keeps_widget, rate, 1))  # the first are slower
            sent, job_seconds, at = round(rate), 0.0, 0
            while at < rounds or seed.left(connection, loaded)[0]:
                for kind in ("idle", "night") if at % 2 == 0 else ("night", "idle"):
                    with _job(dsn) if kind == "night" else contextlib.nullcontext([0.0]) as worked:
                        answers = asyncio.run(client.send(server.port, loaded.keeps_widget, rate, seconds))
                    latencies[kind] += answers
                    sent += len(answers)
                    job_seconds += worked[0]
                at += 1
                _report(f"{seed.left(connection, loaded)[0]:,} expired responses left")
        expired, others = seed.left(connection, loaded)
        stored = connection.execute("select (select count(*) from response), (select sum(count) from tally)").fetchone()
    assert stored
    if (expired, others, stored) != (0, rows, (rows + sent, 2 * rows + sent)):
        sys.exit(f"BROKEN: {expired:,} expired left, {others:,} of {rows:,} others, stored and counted: {stored}")
    p99 = {kind: client.percentile(each, 0.99) for kind, each in latencies.items()}
    p50 = {kind: client.percentile(each, 0.5) for kind, each in latencies.items()}
    ratio = p99["night"] / p99["idle"]
    minutes = job_seconds / rows * 1_000_000 / 60
    click.echo(
        f"\n{rows:,} expired responses deleted in {job_seconds:.0f} s beside {rows:,} others:"
        f" a million in {minutes:.0f} min"
    )
    click.echo(f"{at} windows of each kind; load of the machine before: {load:.1f}, and of a quiet one: 0")
    for kind in ("idle", "night"):
        click.echo(
            f"{kind:<6} {len(latencies[kind]):>8,} responses   p50 {p50[kind]:7.1f} ms   p99 {p99[kind]:7.1f} ms"
        )
    click.echo(f"p99 at night is {ratio:.2f} times that of an idle one; the goal is {GOAL}")
    result = {
        "rows": rows,
        "rate": rate,
        "seconds": job_seconds,
        "minutes_for_a_million": minutes,
        "windows": at,
        "p50": p50,
        "p99": p99,
        "ratio": ratio,
    }
    path.write_text(json.dumps({**result, "load": load}, indent=1) + "\n")


@contextlib.contextmanager
def _job(dsn: str) -> Iterator[list[float]]:
    """The job, until it ends or the context does; the list has how many seconds it worked."""
    worked = [0.0]
    with contextlib.closing(psycopg.connect(dsn, autocommit=True)) as connection:

        def run() -> None:
            started = time.perf_counter()
            with contextlib.suppress(psycopg.errors.QueryCanceled):
                connection.execute(JOB.encode())
            worked[0] = time.perf_counter() - started

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield worked
        finally:
            connection.cancel()
            thread.join()


@contextlib.contextmanager
def database() -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="feelback-bench-"))
    try:
        home.chmod(0o755)  # the database's user must get through
        settings = config.load({"FEELBACK_DATA": str(home / "data"), "PGBIN": os.environ.get("PGBIN", "")})
        with cluster.use(settings) as dsn:
            migrate.apply(dsn, secret=SECRET)
            yield dsn
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _report(text: str) -> None:
    click.echo(f"{time.monotonic() - STARTED:6.0f} s  {text}", err=True)


if __name__ == "__main__":
    main(prog_name="python -m tests.programs.bench_retention")
