"""Our server takes responses: alone, beside refreshes that never pause, and beside other work in the database.

The other work takes a core, as the refreshes do, and no lock: what it costs ingestion is for want of cores.
"""

import contextlib
import json
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.programs.bench import cpu, load, servers
from tests.programs.bench.load import BrokenCaseError
from tests.programs.bench_rollup import clock, refresh

CONNECTIONS = 64
ALONE, REFRESHES, OTHER_WORK = "alone", "beside refreshes", "beside other work"
BESIDE = {ALONE: None, REFRESHES: refresh.STATS, OTHER_WORK: "select sum(n) from generate_series(1, 100000) as n"}
SETTLE_SECONDS = 0.5
# In the mixture of their popularity: what a request is about, and one of the values that it may have.
PLACEMENTS = """
select c.widget_id::text, c.key, o.value
from (
    select floor(power(random(), 3) * (select count(*) from bench.placement))::integer as no, random() as roll
    from generate_series(1, 20000)
) as s
join bench.placement as c using (no)
join option as o
    on o.account_id = c.account_id and o.widget_id = c.widget_id and o.no = 1 + floor(s.roll * c.options)
where not c.is_text
"""


@dataclass(frozen=True)
class Taken:
    """A window; `done` is how often what went on beside it was done."""

    a_second: float
    p99_ms: float
    server_us: float
    postgres_us: float
    done: int


def measure(dsn: str, postmaster: int, seconds: int, count: int) -> dict[str, list[Taken]]:
    """`count` windows of each kind, by turns.

    Raises:
        BrokenCaseError: a response was refused, or a refresh failed.
    """
    windows: dict[str, list[Taken]] = {kind: [] for kind in BESIDE}
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(contextlib.closing(clock.connect(dsn)))
        log = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="feelback-bench-")), "server.log")
        server = stack.enter_context(servers.ours(servers.environment(dsn, 1), log))
        placements = connection.execute(PLACEMENTS).fetchall()
        load.run(_script(server.port, placements), server.port, CONNECTIONS, 1, look=True)
        for at in range(count):
            for kind in BESIDE if at % 2 == 0 else reversed(BESIDE):
                connection.execute(refresh.STATS)
                connection.execute("checkpoint")
                script = _script(server.port, placements)
                windows[kind].append(_window(dsn, postmaster, server, script, seconds, BESIDE[kind]))
        time.sleep(SETTLE_SECONDS)  # what was under way when the load ended is stored as well
        connection.execute(refresh.STATS)
        refresh.check(connection)
    return windows


def _window(dsn: str, postmaster: int, server: servers.Server, script: str, seconds: int, beside: str | None) -> Taken:
    with _again_and_again(dsn, beside) if beside else contextlib.nullcontext([]) as done:
        before = server.cpu_seconds(), cpu.seconds(postmaster)
        figures = load.run(script, server.port, CONNECTIONS, seconds)
        after = server.cpu_seconds(), cpu.seconds(postmaster)
        server_us, postgres_us = (
            (late - early) * 1e6 / figures.requests for early, late in zip(before, after, strict=True)
        )
        return Taken(figures.requests / figures.seconds, figures.p99, server_us, postgres_us, len(done))


@contextlib.contextmanager
def _again_and_again(dsn: str, command: str) -> Iterator[list[None]]:
    """Runs it as long as the context lasts; the list has an entry for each time."""
    done: list[None] = []
    faults: list[psycopg.Error] = []
    stop = threading.Event()

    def run() -> None:
        try:
            with contextlib.closing(clock.connect(dsn)) as connection:
                while not stop.is_set():
                    connection.execute(command.encode())
                    done.append(None)
        except psycopg.Error as error:
            faults.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()
    if faults:
        raise BrokenCaseError(f"{command} failed beside the load: {faults[0]}")


def _script(port: int, placements: list[tuple[str, str, str]]) -> str:
    """wrk's script: each request a response of a new visitor, the pages in turn."""
    listed = ",\n".join(
        f"'{json.dumps({'widget': widget, 'page': key, 'value': value}, ensure_ascii=False)[:-1]}'"
        for widget, key, value in placements
    )
    body = f'pages[n % #pages + 1] .. string.format(\',"visitor":"{secrets.token_hex(8)}%08d"}}\', n)'
    return f"local pages = {{{listed}}}\n" + load.post(port, "/v1/responses", body)
