"""What ten destinations of a project cost ingestion: the command line of `make bench-destinations`.

Windows of votes for a project without destinations and for one with ten take turns on one server, and the CPU time of
Postgres and the web process is compared, so that what else the machine does meets both alike.
"""

import asyncio
import contextlib
import tempfile
from pathlib import Path
from statistics import median
from uuid import UUID

import click
import psycopg

from tests.programs.bench import cpu, servers
from tests.programs.bench_retention import client
from tests.programs.bench_retention.__main__ import database
from tests.programs.bench_rollup import clock
from tests.support.destinations import EVENTS, destination
from tests.support.sql_world import World

GOAL = 1.02


@click.command()
@click.option("--rate", type=click.FloatRange(1), default=300, show_default=True, help="Responses a second.")
@click.option("--seconds", type=click.FloatRange(0.5), default=4, show_default=True, help="Length of a window.")
@click.option("--rounds", type=click.IntRange(1), default=20, show_default=True, help="Windows of each kind.")
@click.option("--destinations", type=click.IntRange(0, 20), default=10, show_default=True)
def main(rate: float, seconds: float, rounds: int, destinations: int) -> None:
    """Compare the CPU time of a response with and without DESTINATIONS that take every event."""
    costs: dict[str, list[tuple[float, float]]] = {"without": [], "with": []}
    with database() as dsn, contextlib.closing(clock.connect(dsn)) as connection:
        widgets = _seed(dsn, destinations)
        postgres = _postmaster(connection)
        log = Path(tempfile.gettempdir(), "bench-destinations.log")
        with servers.ours(servers.environment(dsn, 1), log) as server:
            for widget in widgets.values():
                asyncio.run(client.send(server.port, widget, rate, 3))  # creates the pages
            for n in range(rounds):
                for kind in ("without", "with") if n % 2 == 0 else ("with", "without"):
                    web, database_cpu = server.cpu_seconds(), cpu.seconds(postgres)
                    sent = len(asyncio.run(client.send(server.port, widgets[kind], rate, seconds)))
                    web, database_cpu = server.cpu_seconds() - web, cpu.seconds(postgres) - database_cpu
                    costs[kind].append((web / sent * 1e6, database_cpu / sent * 1e6))
    for kind, each in costs.items():
        web, postgres_us = (median(part) for part in zip(*each, strict=True))
        click.echo(f"{kind:<8} web {web:6.0f} µs   Postgres {postgres_us:6.0f} µs   of CPU time a response")
    sums = {kind: [sum(each) for each in parts] for kind, parts in costs.items()}
    ratio = sum(sums["with"]) / sum(sums["without"])
    pairs = sorted(a / b for a, b in zip(sums["with"], sums["without"], strict=True))
    click.echo(
        f"{destinations} destinations cost {ratio:.3f} times as much; of {rounds} pairs the middle half is"
        f" {pairs[len(pairs) // 4]:.3f} to {pairs[len(pairs) * 3 // 4]:.3f}; the goal is {GOAL}"
    )


def _seed(dsn: str, destinations: int) -> dict[str, UUID]:
    world = World(dsn)
    widgets = {}
    for kind, count in (("without", 0), ("with", destinations)):
        project = world.project()
        world.ask("update project set origins = '{*}' where id = %s", project.id)
        widgets[kind] = world.widget(project).id
        for n in range(count):
            destination(world, project, name=f"Hook {n}", events=EVENTS)
    world.close_connection()
    return widgets


def _postmaster(connection: psycopg.Connection) -> int:
    parent = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()[1]
    return int(parent)


if __name__ == "__main__":
    main(prog_name="python -m tests.programs.bench_destinations")
