"""The command line of `make recap-deliveries`."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import click

from app import config
from app.config import ROOT
from app.database import migrate
from app.database.embedded import cluster
from tests.programs.recap_deliveries.ledger import Row, faults_of
from tests.support.faulty_smtp import PHASES, Fault, FaultyServer
from tests.support.recap_world import build
from tests.support.sql_world import World

SECRET = "only-for-programs-only-for-programs"
# Time that passes: a pause between attempts, and the claim of a worker that was killed.
PAUSES_END = "update mail set next_at = now() where outcome is null and phase is null and next_at > now()"
CLAIMS_END = "update mail set next_at = now() where outcome is null"
LONGEST_SECONDS = 1800


@click.command()
@click.option("--recaps", type=click.IntRange(1, 2000), default=500, show_default=True)
@click.option("--others", type=click.IntRange(0, 2000), default=100, show_default=True, help="Transactional mails.")
@click.option("--kills", type=click.IntRange(0), default=100, show_default=True, help="How often the worker is killed.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed chooses the same faults.")
def main(recaps: int, others: int, kills: int, seed: int) -> None:
    """Send RECAPS recaps and other mails through a server that fails at every phase, while the worker is killed KILLS
    times (SIGKILL). Exits with 1 where a recap was doubled, or is recorded as something else than what happened.
    """
    with _database() as dsn:
        _seed(dsn, recaps, others)
        run = Run(dsn, kills, random.Random(seed))
        rows = asyncio.run(run.until_done())
    click.echo(run.report(rows))
    if errors := faults_of(rows, run.server.accepted, recaps=recaps, others=others):
        sys.exit("BROKEN:\n" + "\n".join(errors))
    click.echo("None doubled, none lost without a record.")


class Run:
    """One run: the mail server here, a worker in another process, which is killed and started again."""

    def __init__(self, dsn: str, kills: int, choice: random.Random) -> None:
        self.server = FaultyServer(self._fault, on_kill=self._kill)
        self._dsn, self._kills_left, self._choice = dsn, kills, choice
        self._worker: subprocess.Popen[bytes] | None = None
        self.kills = Counter[str]()

    async def until_done(self) -> list[Row]:
        """Run until no mail waits and all kills are done; the mails then."""
        end = time.monotonic() + LONGEST_SECONDS
        connection = await asyncpg.connect(self._dsn)
        async with self.server.serving():
            try:
                while await self._goes_on(connection):
                    if time.monotonic() > end:
                        sys.exit(f"Not done in {LONGEST_SECONDS} s: {self.report([])}")
                    if self._worker is None or self._worker.poll() is not None:
                        await connection.execute(CLAIMS_END)
                        self._start()
                    await asyncio.sleep(self._choice.uniform(0.1, 0.6))
                    await connection.execute(PAUSES_END)
                    await connection.execute("select pg_notify('mail', '')")
                    if self._choice.random() < 0.1:
                        self._kill("at random")
            finally:
                self._end()
        rows = await connection.fetch(
            "select m.id, m.recipient, m.consent is not null, m.outcome, m.message_id, d.state, m.copies"
            " from mail as m left join recap_delivery as d on d.mail_id = m.id"
        )
        await connection.close()
        return [Row(*row) for row in rows]

    def report(self, rows: list[Row]) -> str:
        """What happened, in a few lines."""
        outcomes = Counter((row.is_recap, row.outcome) for row in rows)
        lines = [
            f"{sum(self.kills.values())} kills: "
            + ", ".join(f"{n} {where}" for where, n in sorted(self.kills.items())),
            f"{sum(self.server.faults.values())} faults: "
            + ", ".join(f"{fault.action} at {fault.phase} {n}" for fault, n in sorted(
                self.server.faults.items(), key=lambda item: (PHASES.index(item[0].phase), item[0].action)
            )),
            f"{len(self.server.accepted)} mails accepted",
            *(f"{n} {'recaps' if is_recap else 'other mails'} {outcome}" for (is_recap, outcome), n in sorted(
                outcomes.items(), key=str
            )),
        ]  # fmt: skip
        return "\n".join(lines)

    async def _goes_on(self, connection: "asyncpg.Connection[Any]") -> bool:
        waiting = await connection.fetchval("select count(*) from mail where outcome is null")
        if not waiting and self._kills_left:
            sys.exit(f"All mails are done and {self._kills_left} kills are left: send more.")
        return bool(waiting)

    def _fault(self) -> Fault:
        # Kills are spread over all mails, the rest is half faults, half none.
        if self._kills_left and self._choice.random() < 0.2:
            return Fault(self._choice.choice(PHASES), "kill")
        if self._choice.random() < 0.6:
            return Fault()
        phase = self._choice.choice(PHASES)
        actions = ["drop", "drop", "delay", "delay", "hang"]
        if phase in ("mail", "rcpt", "data", "dot"):
            actions += ["450", "421"]
        if phase in ("rcpt", "dot"):
            actions += ["550"]
        return Fault(phase, self._choice.choice(actions))

    def _start(self) -> None:
        env = {
            **os.environ, "DATABASE_URL": self._dsn, "SECRET_KEY": SECRET, "MAIL_PER_SECOND": "1000",
            "MAIL_URL": f"smtp://127.0.0.1:{self.server.port}", "MAIL_FROM": "Feelback <mail@feelback.example>",
        }  # fmt: skip
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "tests.programs.recap_deliveries.worker"], cwd=ROOT, env=env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _kill(self, where: str = "by the server") -> None:
        if self._worker is not None and self._worker.poll() is None and self._kills_left:
            self._worker.send_signal(signal.SIGKILL)
            self._worker.wait()
            self._kills_left -= 1
            self.kills[where] += 1

    def _end(self) -> None:
        if self._worker is not None:
            with contextlib.suppress(ProcessLookupError):
                self._worker.kill()
            self._worker.wait()


def _seed(dsn: str, recaps: int, others: int) -> None:
    world = World(dsn)
    build(world, people=recaps)
    for n in range(others):
        context = '{"at": "3 Aug 2026, 12:00 UTC", "browser": "Firefox on Linux"}'
        world.ask("select fn.enqueue_mail(%s, 'sign_in_notice', %s)", f"other{n}@example.com", context)
    world.ask("update mail set next_at = now(), give_up_at = now() + interval '1 day'")
    world.close_connection()


@contextmanager
def _database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="feelback-deliveries-") as folder:
        Path(folder).chmod(0o755)
        settings = config.load({"FEELBACK_DATA": folder, "SECRET_KEY": SECRET})
        with cluster.use(settings) as dsn:
            migrate.apply(dsn, secret=SECRET)
            yield dsn


if __name__ == "__main__":
    main()
