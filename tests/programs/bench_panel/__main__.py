"""The command line of `make bench-panel`."""

import contextlib
import gc
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import uvloop

from app import config
from app.database import db, migrate, roles
from app.database.embedded import cluster
from app.http.context import services
from app.server.quart_app import create_app
from tests.programs.bench.report import reached
from tests.programs.bench_panel import baselines, measure, report, seed
from tests.programs.bench_panel.baselines import BARE, EMPTY, PATHS
from tests.programs.bench_panel.measure import Queries, Taken
from tests.programs.bench_panel.pages import OVERVIEW, PAGES
from tests.programs.bench_rollup import clock

STARTED = time.monotonic()
SECRET = "only-for-the-bench-only-for-the-bench-only"
STATIC = ("css/app.css", "vendor/htmx-4.0.1.min.js", "logo.svg")


@click.command()
@click.option(
    "--rows", type=click.IntRange(1000), default=1_000_000, show_default=True, help="Responses of the project."
)
@click.option("--placements", type=click.IntRange(10), default=5000, show_default=True, help="Pages of the project.")
@click.option("--requests", type=click.IntRange(1), default=100, show_default=True, help="Requests of each page.")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="Where to put the database.")
@click.option("--json", "path", type=click.Path(path_type=Path), default=Path("bench-panel.json"), show_default=True)
def main(rows: int, placements: int, requests: int, folder: Path | None, path: Path) -> None:
    """Measure the panel's pages of a project with ROWS responses; print a table and write JSON.

    Exits with 1 where a page is not there, and with 0 whatever was measured.
    """
    with _database(folder) as dsn, contextlib.closing(clock.connect(dsn)) as connection:
        facts = seed.load(connection, rows, placements, datetime.now(UTC), _progress)
        token = seed.sign_in(connection)
        _progress("pages")
        costs, first_page = uvloop.run(_measure(dsn, token, facts, requests))  # as a web process runs
    click.echo(
        f"\n{report.table(costs)}\n\nThe first page with all that it needs: {first_page / 1000:.1f} kB compressed."
    )
    click.echo("\n" + reached(report.lines(costs, first_page)))
    pages = {
        name: {
            "p50": cost.quantile(0.5),
            "p95": cost.quantile(0.95),
            "cpu": cost.cpu,
            "queries": cost.queries,
            "bytes": cost.size,
        }
        for name, cost in costs.items()
    }
    path.write_text(json.dumps({"rows": rows, "placements": placements, "pages": pages}, indent=1) + "\n")


async def _measure(dsn: str, token: str, facts: dict[str, object], requests: int) -> tuple[dict[str, Taken], int]:
    """Every page in turn, again and again, so that what drifts meets all alike."""
    app = create_app(config.load({"DATABASE_URL": dsn, "SECRET_KEY": SECRET}))
    pool = services(app).pool = await db.connect(roles.url(dsn, roles.APP, SECRET))
    baselines.add_empty(app)
    queries, costs = Queries(), {name: Taken() for name in (BARE, EMPTY, *(page.name for page in PAGES))}
    paths = PATHS | {page.name: "/projects/bench-0" + page.path.format(**facts) for page in PAGES}
    apps = dict.fromkeys(paths, app) | {BARE: baselines.bare()}
    for _ in range(8):  # statements are prepared, plans made, templates compiled
        for name in paths:
            await measure.get(apps[name], token, paths[name], queries, Taken())
    processes = [row[0] for row in await pool.fetch("select pid from pg_stat_activity where usename = $1", roles.APP)]
    gc.collect()
    gc.freeze()
    for _ in range(requests):
        for name in paths:
            await measure.get(apps[name], token, paths[name], queries, costs[name], processes)
    static = Taken()
    first_page = costs[OVERVIEW].size
    for file in STATIC:
        await measure.get(app, token, f"/static/{file}", queries, static)
        first_page += static.size
    await pool.close()
    return costs, first_page


@contextlib.contextmanager
def _database(folder: Path | None) -> Iterator[str]:
    """A new Postgres with our schema, as in production; how to connect."""
    home = Path(tempfile.mkdtemp(prefix="feelback-bench-", dir=folder))
    try:
        home.chmod(0o755)  # the database's user must get through
        settings = config.load({"FEELBACK_DATA": str(home / "data"), "PGBIN": os.environ.get("PGBIN", "")})
        with cluster.use(settings) as dsn:
            migrate.apply(dsn, secret=SECRET)
            yield dsn
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _progress(text: str) -> None:
    click.echo(f"{time.monotonic() - STARTED:6.0f} s  {text}", err=True)


if __name__ == "__main__":
    main(prog_name="python -m tests.programs.bench_panel")
