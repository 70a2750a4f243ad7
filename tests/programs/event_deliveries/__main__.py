"""The command line of `make event-deliveries`."""

import asyncio
import contextlib
import json
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
from uuid import UUID, uuid4

import asyncpg
import click

from app import config
from app.config import ROOT
from app.database import db, migrate
from app.database.embedded import cluster
from app.webhooks import signature
from tests.programs.event_deliveries.ledger import Mark, Request, Row, faults_of
from tests.support import factories
from tests.support.settings import SECRET
from tests.support.webhook_receiver import Received, answer, is_verified

# Time that passes: pauses between attempts, and the claims of workers, those of workers that still send included.
TIME_PASSES = """
select from destination order by account_id, id for update;
update delivery set next_at = now() where done_at is null and next_at > now();
update destination set due_at = now(), retry_at = null, claimed_until = null where due_at > now();
select pg_notify('delivery', '');
"""
# Each time an outcome is recorded; where a worker that has lost a delivery could, there would be two.
RECORDS = """
create table record (delivery_id uuid not null, outcome text not null);
create function record() returns trigger language plpgsql as $$
begin
    if new.outcome is not null then
        insert into public.record values (new.id, new.outcome);
    end if;
    return null;
end $$;
create trigger record after update of outcome on delivery for each row execute function record();
grant insert on record to public;
"""
WORKERS = 2
WAITING = 30  # deliveries, below which there is another event
LONGEST_SECONDS = 1800
WHERE = ("before the answer", "after the answer", "after a thousandth of a second", "after two hundredths of a second")


@click.command()
@click.option("--kills", type=click.IntRange(0), default=1000, show_default=True, help="How often a worker is killed.")
@click.option("--destinations", type=click.IntRange(1, 20), default=5, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed chooses the same faults.")
def main(kills: int, destinations: int, seed: int) -> None:
    """Send events to webhooks by two workers, of which one is killed (SIGKILL) between sending and recording, KILLS
    times. Exits with 1 where an event was lost, has changed its id, or its outcome was recorded twice.
    """
    with _database() as (dsn, log):
        run = Run(dsn, log, kills, destinations, random.Random(seed))
        rows = asyncio.run(run.until_done())
        click.echo(run.report(rows))
        errors = faults_of(rows, run.received, run.marks(), events=run.events, destinations=destinations)
    if run.unrecorded < kills:
        errors.append(f"{run.unrecorded} of {kills} kills were between sending and recording")
    if errors:
        sys.exit("BROKEN:\n" + "\n".join(errors))
    click.echo("None lost, none with another id, none recorded twice.")


class Run:
    """One run: the receivers here, two workers in other processes, which are killed and started again."""

    def __init__(self, dsn: str, log: Path, kills: int, destinations: int, choice: random.Random) -> None:
        self._dsn, self._log, self._choice = dsn, log, choice
        self._most_kills, self._destinations = kills, destinations
        self._secrets: dict[str, str] = {}
        self._workers: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._killing = asyncio.Lock()
        self.kills = Counter[str]()
        self.unrecorded = 0
        self.answers = Counter[str]()
        self.received: list[Request] = []
        self.events = 0
        self.seconds = 0.0

    async def until_done(self) -> list[Row]:
        """Run until all kills are done and no delivery waits; the deliveries then."""
        started = time.monotonic()
        server = await asyncio.start_server(self._receive, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, await db.connect(self._dsn) as pool:
            self._pool = pool
            project = await self._seed(port)
            with self._starter() as self._start:
                try:
                    while await self._goes_on(project):
                        if time.monotonic() - started > LONGEST_SECONDS:
                            sys.exit(f"Not done in {LONGEST_SECONDS} s: {self.report([])}")
                        while len(self._workers) < WORKERS:
                            self._workers.add(self._start())
                        await asyncio.sleep(self._choice.uniform(0.02, 0.08))
                        await pool.execute(TIME_PASSES)
                finally:
                    for pid in self._workers:
                        os.kill(pid, signal.SIGKILL)
            rows = await pool.fetch(
                "select v.id, d.name, v.event_ids[1], v.attempts, v.outcome,"
                " (select count(*) from record as r where r.delivery_id = v.id)"
                " from delivery as v join destination as d on d.account_id = v.account_id and d.id = v.destination_id"
            )
        self.seconds = time.monotonic() - started
        return [Row(*row) for row in rows]

    def marks(self) -> list[Mark]:
        """What workers recorded, but for those that were killed before they noted it."""
        lines = (line.split() for line in self._log.read_text().splitlines())
        return [Mark(UUID(id), int(attempt), outcome) for id, attempt, outcome in lines]

    def report(self, rows: list[Row]) -> str:
        """What happened, in a few lines."""
        marks = Counter(mark.outcome for mark in self.marks())
        copies = Counter((each.path, each.webhook_id) for each in self.received)
        kills = ", ".join(f"{n} {where}" for where, n in sorted(self.kills.items()))
        answers = ", ".join(f"{n} {kind}" for kind, n in sorted(self.answers.items()))
        attempts = ", ".join(f"{n} {outcome}" for outcome, n in sorted(marks.items()))
        return "\n".join((
            f"{self.seconds:.0f} s, {self.unrecorded} kills between sending and recording: {kills}",
            f"{self.events} events to {self._destinations} destinations, {len(rows)} deliveries",
            f"{len(self.received)} requests: {answers}; at most {max(copies.values(), default=0)} with one id",
            f"recorded by workers that lived on: {attempts}",
        ))  # fmt: skip

    async def _seed(self, port: int) -> Any:
        project = await factories.project(self._pool)
        for n in range(self._destinations):
            id, secret, path = uuid4(), signature.new_secret(), f"/{n}"
            self._secrets[path] = signature.shown_secret(secret)
            await self._pool.execute(
                "select fn.create_destination(account_id, id, $2, $3, 'webhook', $4, null, $5, '{export.ready}')"
                " from project where id = $1",
                project.id, id, path, f"http://127.0.0.1:{port}{path}", signature.encrypted_secret(SECRET, id, secret),
            )  # fmt: skip
        return project

    async def _goes_on(self, project: Any) -> bool:
        waiting = await self._pool.fetchval(
            "select (select count(*) from delivery where done_at is null)"
            " + (select count(*) from event where matched_at is null)"
        )
        if self.unrecorded >= self._most_kills:
            return bool(waiting)
        while waiting < WAITING:
            self.events += 1
            waiting += self._destinations
            await self._pool.execute(
                "select fn.emit(account_id, id, 'export.ready', $2) from project where id = $1",
                project.id, json.dumps({"n": self.events}),
            )  # fmt: skip
        return True

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *rest = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in rest)}
            body = await reader.readexactly(int(headers["content-length"]))
            path = line.split()[1]
            self.received.append(
                Request(
                    path, headers["webhook-id"], json.loads(body)["id"], is_verified(self._secrets[path], headers, body)
                )
            )
            await self._answer(Received(line, headers, body), writer)

    async def _answer(self, received: Received, writer: asyncio.StreamWriter) -> None:
        if self._choice.random() < 0.5 and self.unrecorded < self._most_kills and not self._killing.locked():
            async with self._killing:
                await self._kill(received, self._choice.choice(WHERE), writer)
            return
        kind = self._choice.choices(("delayed", "refused", "accepted"), (1, 1, 8))[0]
        self.answers[kind] += 1
        if kind == "delayed":  # longer than the claim lasts here, so that the other worker sends it, too
            await asyncio.sleep(self._choice.uniform(0.1, 0.3))
        writer.write(answer("503 Service Unavailable" if kind == "refused" else "204 No Content"))
        await writer.drain()

    async def _kill(self, received: Received, where: str, writer: asyncio.StreamWriter) -> None:
        pid = int(received.headers["x-worker"])
        if where != WHERE[0]:
            writer.write(answer("204 No Content"))
            await writer.drain()
        if where == WHERE[2]:
            await asyncio.sleep(0.001)
        elif where == WHERE[3]:
            await asyncio.sleep(0.02)
        if pid not in self._workers:  # killed for another request
            return
        os.kill(pid, signal.SIGKILL)
        self._workers.discard(pid)
        self.answers["not answered" if where == WHERE[0] else "accepted"] += 1
        # What the worker has handed to Postgres is done in a moment.
        await asyncio.sleep(0.01)
        event_id = UUID(received.headers["webhook-id"].removeprefix("evt_"))
        is_recorded = await self._pool.fetchval(
            "select count(*) > 0 from delivery as v join destination as d on d.id = v.destination_id"
            " where d.name = $1 and v.event_ids[1] = $2 and v.outcome is not null",
            received.line.split()[1], event_id,
        )  # fmt: skip
        self.kills[where if not is_recorded else "too late"] += 1
        self.unrecorded += not is_recorded

    @contextmanager
    def _starter(self) -> Iterator[Any]:
        env = {
            **os.environ, "DATABASE_URL": self._dsn, "SECRET_KEY": SECRET, "WEBHOOK_NETWORKS": "127.0.0.0/8",
            "LOG_LEVEL": "error",
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.programs.event_deliveries.worker", str(self._log)]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            stdin, stdout = process.stdin, process.stdout

            def start() -> int:
                stdin.write("\n")
                stdin.flush()
                return int(stdout.readline())

            yield start
            stdin.close()


@contextmanager
def _database() -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="feelback-deliveries-") as folder:
        Path(folder).chmod(0o755)
        settings = config.load({"FEELBACK_DATA": folder, "SECRET_KEY": SECRET})
        with cluster.use(settings) as dsn:
            migrate.apply(dsn, secret=SECRET)
            asyncio.run(_prepare(dsn))
            log = Path(folder, "attempts.log")
            log.touch()
            yield dsn, log


async def _prepare(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(RECORDS)
    await connection.close()


if __name__ == "__main__":
    main()
