"""Our server takes signals, with and without refreshes beside it that never pause."""

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

from tests.bench import cpu, load, servers
from tests.bench.load import BrokenCaseError
from tests.bench_rollup import clock, refresh

CONNECTIONS = 64
SETTLE_SECONDS = 0.5
# In the mixture of their popularity: what a request is about, and one of the values that it may have.
CONTENTS = """
select c.content_set_id::text, c.key, o.value
from (
    select floor(power(random(), 3) * (select count(*) from bench.content))::integer as no, random() as roll
    from generate_series(1, 20000)
) as s
join bench.content as c using (no)
join option as o
    on o.account_id = c.account_id and o.content_set_id = c.content_set_id and o.no = 1 + floor(s.roll * c.options)
where not c.is_text
"""


@dataclass(frozen=True)
class Taken:
    """A window: signals a second, CPU microseconds each by server and Postgres, refreshes and milliseconds of p99."""

    a_second: float
    p99_ms: float
    server_us: float
    postgres_us: float
    refreshes: int


def measure(dsn: str, postmaster: int, seconds: int, count: int) -> dict[bool, list[Taken]]:
    """`count` windows with refreshes and as many without, by turns.

    Raises:
        BrokenCaseError: a signal was refused, or a refresh failed.
    """
    found: dict[bool, list[Taken]] = {False: [], True: []}
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(contextlib.closing(clock.connect(dsn)))
        log = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="feelback-bench-")), "server.log")
        server = stack.enter_context(servers.ours(servers.environment(dsn, 1), log))
        contents = connection.execute(CONTENTS).fetchall()
        load.run(_script(server.port, contents), server.port, CONNECTIONS, 1, look=True)
        for at in range(count):
            for refreshing in (False, True) if at % 2 == 0 else (True, False):
                connection.execute(refresh.STATS)
                connection.execute("checkpoint")
                found[refreshing].append(
                    _window(dsn, postmaster, server, _script(server.port, contents), seconds, refreshing)
                )
        time.sleep(SETTLE_SECONDS)  # what was under way when the load ended is stored as well
        connection.execute(refresh.STATS)
        refresh.check(connection)
    return found


def _window(dsn: str, postmaster: int, server: servers.Server, script: str, seconds: int, refreshing: bool) -> Taken:
    with _refreshes(dsn) if refreshing else contextlib.nullcontext([]) as done:
        before = server.cpu_seconds(), cpu.seconds(postmaster)
        seen = load.run(script, server.port, CONNECTIONS, seconds)
        after = server.cpu_seconds(), cpu.seconds(postmaster)
        server_us, postgres_us = (
            (late - early) * 1e6 / seen.requests for early, late in zip(before, after, strict=True)
        )
        return Taken(seen.requests / seen.seconds, seen.p99, server_us, postgres_us, len(done))


@contextlib.contextmanager
def _refreshes(dsn: str) -> Iterator[list[None]]:
    """One refresh after another as long as the context lasts; the list has an entry for each that is done."""
    done: list[None] = []
    faults: list[psycopg.Error] = []
    stop = threading.Event()

    def run() -> None:
        try:
            with contextlib.closing(clock.connect(dsn)) as connection:
                while not stop.is_set():
                    connection.execute(refresh.STATS)
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
        raise BrokenCaseError(f"A refresh failed beside the load: {faults[0]}")


def _script(port: int, contents: list[tuple[str, str, str]]) -> str:
    """wrk's script: each request a signal of a new visitor, the contents in turn."""
    listed = ",\n".join(
        f"'{json.dumps({'set': content_set, 'key': key, 'value': value}, ensure_ascii=False)[:-1]}'"
        for content_set, key, value in contents
    )
    body = f'contents[n % #contents + 1] .. string.format(\',"visitor":"{secrets.token_hex(8)}%08d"}}\', n)'
    return f"local contents = {{{listed}}}\n" + load.post(port, "/v1/feelbacks", body)
