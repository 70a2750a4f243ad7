"""The command line of `make powercut`."""

import asyncio
import contextlib
import errno
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import click

from app.database import db, migrate
from tests.programs.powercut.stage import Stage, inspect
from tests.programs.soak.stack import Stack
from tests.support import factories, smtp_server
from tests.support.history import History, Stored
from tests.support.load import connected
from tests.support.settings import SECRET
from tests.support.visitors import Visitors

FAULTS = (errno.ENOSPC, errno.EIO)
FAULTY, FAULTY_SECONDS = 0.1, 2.0  # the share of writes and syncs that fail, and for how long
LONGEST = 0.6  # seconds between two cuts, at most


@dataclass
class Figures:
    """Of all cuts. `damaged` is how many of them lost something, `sentences` what was wrong."""

    cuts: int = 0
    real: int = 0
    damaged: int = 0
    pages: list[int] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def add(self, history: History, rows: list[Stored], wrong: list[str]) -> None:
        """One cut: compare what was acknowledged before it with what there is after it."""
        sentences = wrong + history.violations(rows)
        self.cuts += 1
        self.damaged += bool(sentences)
        self.sentences += sentences


@click.command()
@click.option("--cuts", default=500, show_default=True, help="How many power cuts.")
@click.option("--real", default=25, show_default=True, help="At each so many-th the product itself is cut off.")
@click.option("--visitors", default=8, show_default=True, help="How many respond at once.")
@click.option("--seed", type=int, help="Loses the same again, if it comes to the same moments.")
@click.option(
    "--set", "options", multiple=True, help="A setting of Postgres, as in fsync=off, which must lose responses."
)
def main(cuts: int, real: int, visitors: int, seed: int | None, options: tuple[str, ...]) -> None:
    """Cut the power under load, and compare what was acknowledged with what is there afterwards.

    Postgres has its data on a file system that forgets what was not synced; `feelback serve` with two web processes, a
    worker and the scheduler is in front of it. Most cuts are made on a copy: in one moment the file system writes down
    what would have survived, the product goes on, and another Postgres recovers the copy. That is as strict as to pull
    the plug, for the disk cannot know what happens after the moment; and it makes some 20 cuts a minute. Now and then
    everything is really killed, and starts again on what is left, so that what a cut breaks is met by later ones.
    In the end writes and syncs fail for a while, as on a disk that is full (ENOSPC) or broken (EIO).

    Exits with 1 where an acknowledged response was lost, doubled or changed back, a removal was undone, a count
    differed from its rows, a page was torn, or a reader's counts went back.
    """
    seed = random.randrange(10**6) if seed is None else seed
    settings = dict(option.split("=", 1) for option in options)
    click.echo(f"{cuts} cuts, {visitors} visitors, seed {seed}{''.join(f', {option}' for option in options)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and unmount
    if not asyncio.run(_run(cuts, real, visitors, random.Random(seed), settings)):
        sys.exit(1)


async def _run(cuts: int, real: int, visitors: int, choice: random.Random, settings: dict[str, str]) -> bool:
    memory = Path("/dev/shm")
    async with contextlib.AsyncExitStack() as stack:
        where = memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**31 else None
        folder = Path(tempfile.mkdtemp(prefix="feelback-test-", dir=where))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)  # noqa: ASYNC240 - before there is anything to hold up
        stage = Stage(folder, settings)
        with stage.prepared() as dsn:
            migrate.apply(dsn, secret=SECRET)
            pool = await db.connect(dsn)
            widget = await factories.widget(pool, "updown")
            await pool.close()
        stack.callback(stage.close)
        stage.mount()
        box = await stack.enter_async_context(smtp_server.serving())
        product = Stack(stage.database, folder, box.port)
        await asyncio.to_thread(product.start)
        stack.callback(product.end)
        http = await stack.enter_async_context(connected(product.port, visitors))
        clients = Visitors(http, widget.id)
        running = asyncio.create_task(clients.run(visitors))
        await clients.several(50)
        figures, began = Figures(), time.monotonic()
        while figures.cuts < cuts and not running.done():
            await asyncio.sleep(choice.uniform(0, LONGEST))
            for total, now in zip(
                (figures.pages, figures.changes), await asyncio.to_thread(stage.unsynced), strict=True
            ):
                total.append(now)
            is_real = (figures.cuts + 1) % real == 0
            try:
                await (_cut if is_real else _copy)(stage, product, clients, choice.randrange(2**32), figures)
            except AssertionError as error:  # of a database that does not start any more
                figures.cuts, figures.damaged = figures.cuts + 1, figures.damaged + 1
                figures.sentences.append(f"not back after a cut: {str(error)[-2000:]}")
                break
            if figures.cuts % 10 == 0 or figures.cuts == cuts:
                click.echo(
                    f"{time.monotonic() - began:6.0f} s  {figures.cuts:4} cuts, {figures.damaged} with a loss; "
                    f"{clients.history.acknowledged():,} responses"
                )
        for number in FAULTS:
            if not running.done() and not figures.sentences:
                await _fault(stage, clients, number, figures)
        clients.stopped = True
        await running
        _report(figures, clients, time.monotonic() - began)
        return not figures.sentences


async def _copy(stage: Stage, product: Stack, clients: Visitors, seed: int, figures: Figures) -> None:
    """A cut on a copy."""
    before = time.monotonic()
    folder = await asyncio.to_thread(stage.copy, seed)
    history = clients.history.until(before, time.monotonic())
    figures.add(history, *await asyncio.to_thread(stage.recovered, folder))


async def _cut(stage: Stage, product: Stack, clients: Visitors, seed: int, figures: Figures) -> None:
    """A cut of everything. The visitors go on as soon as it is back."""
    before = time.monotonic()
    await asyncio.to_thread(stage.cut, seed)
    await asyncio.to_thread(product.end)
    history = clients.history.until(before, time.monotonic())
    figures.real += 1
    await asyncio.to_thread(stage.database.start)
    figures.add(history, *await asyncio.to_thread(inspect, stage.database.url))
    await asyncio.to_thread(product.start)


async def _fault(stage: Stage, clients: Visitors, number: int, figures: Figures) -> None:
    """A disk that is full or broken for a while, and whole again. The product must not need a restart."""
    failures = -await asyncio.to_thread(stage.fail, number, FAULTY)
    await asyncio.sleep(FAULTY_SECONDS)
    failures += await asyncio.to_thread(stage.fail, 0, 0.0)
    await asyncio.to_thread(stage.revive)
    await clients.several(50)
    before = time.monotonic()
    folder = await asyncio.to_thread(stage.copy, number)
    history = clients.history.until(before, time.monotonic())
    rows, wrong = await asyncio.to_thread(stage.recovered, folder)
    sentences = wrong + history.violations(rows)
    figures.sentences += sentences
    click.echo(f"{errno.errorcode[number]:>8}  {len(sentences)} losses after {failures} writes and syncs that failed")


def _report(figures: Figures, clients: Visitors, seconds: float) -> None:
    history, count = clients.history, max(figures.cuts, 1)
    kinds = ", ".join(f"{kind} {history.acknowledged(kind):,}" for kind in ("create", "edit", "remove", "read"))
    click.echo()
    click.echo(
        f"cuts             {figures.cuts:,} in {seconds:,.0f} s, {figures.real} of everything, the others on a copy"
    )
    click.echo(
        f"at risk          {sum(figures.pages) / count:,.0f} pages and {sum(figures.changes) / count:,.1f} changes of "
        f"directories not synced at a cut, on average; at most {max(figures.pages):,} and {max(figures.changes):,}"
    )
    click.echo(f"acknowledged     {kinds}")
    click.echo(f"answers          {', '.join(f'{name}: {n:,}' for name, n in sorted(clients.statuses.items()))}")
    click.echo(f"losses           {len(figures.sentences):,} in {figures.damaged:,} cuts")
    for sentence in figures.sentences[:20]:
        click.echo(f"                 {sentence}")


if __name__ == "__main__":
    main()
