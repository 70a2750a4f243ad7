"""The command line of `make soak`."""

import asyncio
import contextlib
import random
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import click

from app.database import db, migrate, upkeep
from app.database.embedded import programs as pgbin
from tests.programs.soak.stack import Stack
from tests.programs.soak.traffic import Traffic
from tests.support import factories, smtp_server
from tests.support.load import connected
from tests.support.serving import check_tallies
from tests.support.settings import SECRET
from tests.support.standby import Server

MIB = {"_web": "web process", "_scheduler": "scheduler", "_work": "worker", "serve": "supervisor"}
LINK = '{"url": "https://feelback.example/links/x", "until": "3 Aug 2026, 12:30 UTC"}'


@click.command()
@click.option("--seconds", default=600, show_default=True, help="How long.")
@click.option("--visitors", default=24, show_default=True, help="How many send at once.")
@click.option("--pause", default=0.1, show_default=True, help="Seconds between what one of them does, on average.")
@click.option("--every", default=10.0, show_default=True, help="Seconds between two kills, on average; 0: none.")
@click.option("--seed", type=int, help="Kills the same parts again, in the same order.")
def main(seconds: int, visitors: int, pause: float, every: float, seed: int | None) -> None:
    """Send real traffic while processes are killed, then compare what is stored with what was acknowledged.

    Exits with 1 where anything was lost or doubled, or a count differed.
    """
    seed = random.randrange(10**6) if seed is None else seed
    kills = f"a kill every {every:g} s or so" if every else "nothing is killed"
    click.echo(f"{seconds} s, {visitors} visitors, {kills}, seed {seed}")
    if not asyncio.run(_soak(seconds, visitors, pause, every, random.Random(seed))):
        sys.exit(1)


async def _soak(seconds: int, visitors: int, pause: float, every: float, choice: random.Random) -> bool:
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="feelback-soak-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o755)  # noqa: ASYNC240 - before there is anything to hold up
        box = await stack.enter_async_context(smtp_server.serving())
        database = _database(folder)
        stack.callback(database.kill)
        migrate.apply(database.url, secret=SECRET)
        pool = await db.connect(database.url)
        project = await factories.project(pool)
        widgets = {
            "pulse": (await factories.widget(pool, "pulse", project)).id,
            "yesno": (await factories.widget(pool, "yesno", project)).id,
            "stars": (await factories.widget(pool, "rating", project, preset="stars")).id,
            "message": (await factories.widget(pool, "message", project)).id,
        }
        pool.terminate()
        running = Stack(database, folder, box.port)
        await asyncio.to_thread(running.start)
        stack.callback(running.end)
        http = await stack.enter_async_context(connected(running.port, visitors))
        traffic = Traffic(http, widgets, choice)
        tasks = [asyncio.create_task(traffic.run(pause)) for _ in range(visitors)]
        mails = asyncio.create_task(_mails(database.url, choice, traffic))
        began = time.monotonic()
        await asyncio.sleep(min(15, seconds / 4))
        before = running.memory()
        while (left := seconds - (time.monotonic() - began)) > 0:
            _raise(tasks)
            await asyncio.sleep(min(left, choice.expovariate(1 / every) if every else 10))
            if every:
                what = await asyncio.to_thread(running.kill_something, choice)
                at = time.monotonic() - began
                click.echo(f"{at:6.0f} s  {MIB.get(what, what)} killed; {len(traffic.responses):,} responses")
        await asyncio.sleep(5)  # all that was killed is back
        traffic.stopped = True
        await asyncio.gather(*tasks)
        enqueued = await mails
        after = running.memory()
        await _drained(database.url)
        ended = await asyncio.to_thread(running.stop)
        delivered = [message["Message-ID"] for _, message in box.messages]
        ok = await _report(database.url, traffic, running, before, after, enqueued, delivered)
        click.echo(f"serve ended with {ended}" if ended else "serve ended as it should")
        return ok and ended == 0


def _database(folder: Path) -> Server:
    user = pgbin.account(folder / "database")
    programs = pgbin.find("")
    if pgbin.version(programs, user) is None:
        programs = pgbin.copied(programs)
    server = Server(folder / "database", programs, user)
    server.program("initdb", "-D", server.data, "-U", "feelback", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    server.start()
    return server


async def _mails(dsn: str, choice: random.Random, traffic: Traffic) -> int:
    enqueued = 0
    while not traffic.stopped:
        with contextlib.suppress(*db.UNAVAILABLE, asyncpg.PostgresError):
            connection = await asyncpg.connect(dsn, timeout=5)
            try:
                await connection.execute(
                    "select fn.enqueue_mail($1, 'magic_link', $2)", f"{enqueued}@example.com", LINK
                )
                enqueued += 1
            finally:
                connection.terminate()
        await asyncio.sleep(choice.expovariate(2))
    return enqueued


async def _drained(dsn: str) -> None:
    # A mail that a killed worker had in hand is taken over after 5 minutes: that wait is not part of the soak.
    connection = await asyncpg.connect(dsn)
    await connection.execute("update mail set next_at = now() where outcome is null")
    await connection.execute("select pg_notify('mail', '')")
    end = time.monotonic() + 60
    waiting = "select count(*) from mail where outcome is null"
    while await connection.fetchval(waiting) and time.monotonic() < end:  # noqa: ASYNC110 - the event is elsewhere
        await asyncio.sleep(0.2)
    await connection.close()


async def _report(
    dsn: str, traffic: Traffic, running: Stack, before: dict[str, float], after: dict[str, float], enqueued: int,
    delivered: list[str],
) -> bool:  # fmt: skip
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "select f.id, coalesce(f.body, o.value) as value from response as f"
        " left join option as o on o.widget_id = f.widget_id and o.no = f.option_no"
    )
    stored = {str(row["id"]): row["value"] for row in rows}
    lost = sum(stored.get(id) != value for id, value in traffic.responses.items())
    doubled = await connection.fetchval("select count(*) - count(distinct visitor) from response")
    unsent = await connection.fetchval("select count(*) from mail where outcome is distinct from 'sent'")
    tallies = "every tally equals its rows"
    try:
        await check_tallies(connection)
    except AssertionError as error:
        tallies = str(error)[:300]
    await connection.close()
    differed = upkeep.reconcile(dsn).differed
    lines = [("", "sent", "acknowledged")]
    lines += [(what, f"{count:,}", f"{traffic.acknowledged[what]:,}") for what, count in sorted(traffic.sent.items())]
    click.echo()
    for line in lines:
        click.echo("".join(f"{cell:>16}" for cell in line))
    click.echo()
    click.echo(
        f"answers          {', '.join(f'{name}: {count:,}' for name, count in sorted(traffic.outcomes.items()))}"
    )
    click.echo(f"longest wait     {traffic.longest:.1f} s until a response was acknowledged, tries and all")
    click.echo(
        f"killed           {', '.join(f'{MIB.get(name, name)}: {n}' for name, n in sorted(running.killed.items()))}"
    )
    click.echo(f"stored           {len(stored):,}")
    click.echo(f"lost             {lost:,} of {len(traffic.responses):,} whose last state was acknowledged")
    click.echo(f"doubled          {doubled:,}")
    click.echo(f"reconcile        {differed:,} differed; {tallies}")
    twice = len(delivered) - len(set(delivered))
    click.echo(
        f"mails            {enqueued:,} enqueued, {len(set(delivered)):,} delivered, {unsent:,} not sent; "
        f"{twice:,} twice, their worker killed after the server took them"
    )
    for role, title in MIB.items():
        click.echo(f"{title:<16} {before.get(role, 0):,.0f} MiB at the start, {after.get(role, 0):,.0f} MiB at the end")
    return not (lost or doubled or differed or unsent) and tallies.startswith("every")


def _raise(tasks: "list[asyncio.Task[None]]") -> None:
    for task in tasks:
        if task.done():
            task.result()


if __name__ == "__main__":
    main()
