"""How many responses and reads a second two workers of a Citus cluster take, and one: `make bench-nodes`.

A control group limits each worker to a share of a core, so that the workers are the limit on a small machine; that
takes root. In turn, accounts that are all on one worker are used, and as many that are half on each. Prints the rates
of each round and the median of their ratios.
"""

import asyncio
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from app.database import distribution, roles
from app.database.ids import uuid_v7
from app.database.retry import RetryingConnection
from app.queries import ingestion, tallies
from app.queries.ingestion import Response
from tests.support import citus
from tests.support.settings import CITUS, SECRET
from tests.support.sql_world import Widget, World

GOAL = 1.6
ACCOUNTS, BATCH = 4, 100  # accounts on each worker; responses, or pages, a call
PERIOD_US = 100_000


@contextlib.contextmanager
def limited(server: str, share: float) -> Iterator[None]:
    """Both workers may use `share` of a core each while the context lasts."""
    root = Path("/sys/fs/cgroup")
    is_unified = (root / "cgroup.controllers").exists()
    parent = root if is_unified else root / "cpu"
    groups = [parent / f"feelback-node-{n}" for n in (1, 2)]
    quota = round(share * PERIOD_US)
    limits = (
        {"cpu.max": f"{quota} {PERIOD_US}"}
        if is_unified
        else {"cpu.cfs_period_us": str(PERIOD_US), "cpu.cfs_quota_us": str(quota)}
    )
    try:
        for group, node in zip(groups, citus.nodes(server)[1:], strict=True):
            group.mkdir()
            for name, value in limits.items():
                (group / name).write_text(value)
            for pid in citus.processes(node):
                with contextlib.suppress(ProcessLookupError):
                    (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        for group in filter(Path.exists, groups):
            while pids := (group / "cgroup.procs").read_text().split():
                for pid in pids:
                    with contextlib.suppress(ProcessLookupError):
                        (parent / "cgroup.procs").write_text(pid)
            group.rmdir()


def batch(widget: Widget) -> list[Response]:
    """Votes of new visitors."""
    now = datetime.now(UTC)
    ms = round(now.timestamp() * 1000)
    return [
        Response(
            widget.account_id, widget.id, f"/{n}", UUID(bytes=uuid_v7(ms)), ms, now.date(), 1, None, None, None,
            os.urandom(16), os.urandom(16), None, os.urandom(16), os.urandom(16),
        )
        for n in range(BATCH)
    ]  # fmt: skip


async def write(connection: RetryingConnection, widget: Widget) -> int:
    """Store a batch; returns its responses."""
    await ingestion.ingest_responses(connection, batch(widget), 1000, None, widget.account_id)
    return BATCH


async def read(connection: RetryingConnection, widget: Widget) -> int:
    """Read the counts of pages; returns how many."""
    keys = [f"/{n}" for n in range(BATCH)]
    await tallies.tallies(connection, [widget.account_id] * BATCH, [widget.id] * BATCH, keys)
    return BATCH


async def rate(
    connections: list[RetryingConnection],
    widgets: list[Widget],
    call: Callable[[RetryingConnection, Widget], Awaitable[int]],
    seconds: float,
) -> float:
    """Responses or pages a second, of one connection for each of the widgets."""
    end = time.monotonic() + seconds

    async def work(connection: RetryingConnection, widget: Widget) -> int:
        done = 0
        while time.monotonic() < end:
            done += await call(connection, widget)
        return done

    started = time.monotonic()
    done = await asyncio.gather(*map(work, connections, widgets))
    return sum(done) / (time.monotonic() - started)


def place(world: World) -> list[list[Widget]]:
    """Widgets on each worker, at least 2 * ACCOUNTS, each of an account of its own."""
    widgets: dict[UUID, Widget] = {}
    by_port: dict[int, list[Widget]] = {}
    while len(by_port) < 2 or min(map(len, by_port.values())) < 2 * ACCOUNTS:
        widget = world.widget(world.project())
        widgets[widget.account_id] = widget
        by_port = {}
        for at in distribution.places(world.connection):
            by_port.setdefault(at.port, []).append(widgets[at.account_id])
    return list(by_port.values())


async def measure(dsn: str, server: str, share: float, rounds: int, seconds: float) -> None:
    """Print the rates."""
    world = World(dsn, has_clock=False)
    world.ask("select fn.create_partitions()")
    first, second = place(world)
    loads = {"one worker": first[: 2 * ACCOUNTS], "two workers": first[:ACCOUNTS] + second[:ACCOUNTS]}
    url = roles.url(dsn, roles.INGEST, SECRET)
    connections = [RetryingConnection(url, timeout=120) for _ in range(2 * ACCOUNTS)]
    for widget in {*first, *second}:
        await write(connections[0], widget)  # the pages are there then
    click.echo(f"{2 * ACCOUNTS} accounts, {BATCH} responses or pages a call, each worker {share} of a core")
    with limited(server, share):
        for name, call in (("responses", write), ("counts read", read)):
            ratios = []
            for n in range(rounds):
                rates = {load: await rate(connections, widgets, call, seconds) for load, widgets in loads.items()}
                ratios.append(rates["two workers"] / rates["one worker"])
                row = ", ".join(f"{load} {per_second:,.0f}/s" for load, per_second in rates.items())
                click.echo(f"{name}, round {n + 1}: {row}, {ratios[-1]:.2f} ×")
            ratio = statistics.median(ratios)
            click.echo(
                f"{name}: {ratio:.2f} × of one worker (goal {GOAL}): {'reached' if ratio >= GOAL else 'not reached'}"
            )
    for connection in connections:
        await connection.close()
    world.close_connection()


@click.command()
@click.option("--share", default=0.25, show_default=True, help="Of a core, for each worker.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True)
@click.option("--seconds", type=click.FloatRange(0.5), default=5, show_default=True, help="Of a load and round.")
def main(share: float, rounds: int, seconds: float) -> None:
    """Start a cluster and measure."""
    if not CITUS:
        raise click.ClickException("TEST_CITUS names no cluster; tests/support/citus.py says what it is.")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        Path(folder).chmod(0o755)
        with citus.cluster(Path(folder)) as server:
            citus.create_template(server, "template_nodes")
            with citus.clone(server, "nodes", "template_nodes") as dsn:
                asyncio.run(measure(dsn, server, share, rounds, seconds))


if __name__ == "__main__":
    main()
