"""The command line of `make bench`."""

import json
import os
import platform
import signal
import sys
from pathlib import Path

import click

from tests.programs.bench import cpu, load, report, wal
from tests.programs.bench.cases import CASES, Case
from tests.programs.bench.load import BrokenCaseError
from tests.programs.bench.measure import Measured, measure
from tests.programs.bench.stage import Stage, stage

WARM_UP = 1.0
CHOICE = click.Choice([case.name for case in CASES])


@click.command()
@click.option("--only", "names", multiple=True, type=CHOICE, help="Only this case; may be repeated.")
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Number of rounds; the result is their median.",
)
@click.option("--seconds", type=click.IntRange(1), default=5, show_default=True, help="How long each window is.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Web workers of each server.")
@click.option("--rows", type=click.IntRange(1000), default=10_000, show_default=True, help="The few rows of (g).")
@click.option("--quick", is_flag=True, help="One round of one second, a tenth of the rows: does it work at all?")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="Where to put the database.")
@click.option(
    "--waline",
    "waline_folder",
    type=click.Path(path_type=Path, exists=True),
    help="Where npm has installed @waline/vercel: measure it, too.",
)
@click.option("--json", "path", type=click.Path(path_type=Path), default=Path("bench.json"), show_default=True)
def main(
    names: tuple[str, ...], rounds: int, seconds: int, workers: int, rows: int, quick: bool, folder: Path | None,
    waline_folder: Path | None, path: Path,
) -> None:  # fmt: skip
    """Measure our hot paths beside a no-op, the naive way and Postgres alone; print a table and write JSON.

    Throughput moves with what else the machine does; CPU a request and the ratios hold. Exits with 1 where a case
    broke, and with 0 whatever was measured.
    """
    if fault := load.missing():
        sys.exit(fault)
    if quick:
        rounds, seconds, rows = 1, 1, 1000
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an exception, so that all that runs is stopped
    load_before = f"{os.getloadavg()[0]:.2f}"
    chosen = [case for case in CASES if not names or case.name in names]
    if waline_folder is None:
        chosen = [case for case in chosen if case.server != "waline"]
        if not chosen:
            raise click.UsageError("The cases of Waline need --waline.")
    servers = {case.server for case in chosen}
    with stage(servers, workers=workers, rows=rows, folder=folder, waline_folder=waline_folder) as staged:
        measured, broken = _rounds(staged, chosen, rounds, seconds)
        facts = {**staged.facts, "flushes from": wal.source(staged.connection)}
    medians = {name: report.medians(rounds) for name, rounds in measured.items()}
    lines = report.lines(measured)
    machine = {
        **facts,
        "cores": str(os.cpu_count()),
        "cpu": cpu.model(),
        "python": platform.python_version(),
        "load before": load_before,
        "workers": str(workers),
        "windows": f"{rounds} x {seconds} s",
    }
    click.echo("\n" + ", ".join(f"{name} {value}" for name, value in machine.items()) + "\n")
    click.echo(report.table(medians) + "\n\n" + report.reached(lines))
    for name, fault in broken.items():
        click.echo(f"\nBROKEN {name}: {fault}", err=True)
    path.write_text(
        json.dumps({"machine": machine, **report.as_json(measured, medians, lines), "broken": broken}, indent=1) + "\n"
    )
    click.echo(f"\nWritten to {path}")
    sys.exit(1 if broken else 0)


def _rounds(
    staged: Stage, chosen: list[Case], rounds: int, seconds: int
) -> tuple[dict[str, list[Measured]], dict[str, str]]:
    """All cases in each round, so that what drifts meets them alike; a case that broke is left out from then on."""
    measured: dict[str, list[Measured]] = {case.name: [] for case in chosen}
    broken: dict[str, str] = {}
    for number in range(1, rounds + 1):
        staged.connection.execute("checkpoint")
        for case in chosen:
            if case.name in broken:
                continue
            try:
                result = measure(staged, case, seconds, WARM_UP)
            except BrokenCaseError as error:
                broken[case.name] = str(error)
                measured.pop(case.name)
                click.echo(f"{number}/{rounds} {case.name}: broken: {error}", err=True)
                continue
            measured[case.name].append(result)
            click.echo(
                f"{number}/{rounds} {case.name}: {result.requests_a_second:,.0f}/s, {result.cpu_us:.0f} µs", err=True
            )
    return measured, broken


if __name__ == "__main__":
    main(prog_name="python -m tests.programs.bench")
