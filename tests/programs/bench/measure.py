"""One case in one window: what the client saw, what it cost, and whether all of it is true."""

import secrets
import time
from dataclasses import dataclass

from tests.programs.bench import cpu, load, pgbench, seed, wal, waline
from tests.programs.bench.cases import Case
from tests.programs.bench.load import BrokenCaseError, Load
from tests.programs.bench.stage import Stage

SETTLE_SECONDS = 0.3


@dataclass(frozen=True)
class Measured:
    """A window. Times are CPU microseconds a request; `rows_a_flush` is None where nothing is written.

    `counted` is the share of acknowledged responses that were counted, where fewer are no reason to break the case.
    """

    requests: int
    seconds: float
    requests_a_second: float
    p50_ms: float
    p99_ms: float
    server_us: float
    postgres_us: float
    cpu_us: float
    rows_a_flush: float | None
    counted: float | None = None


def measure(stage: Stage, case: Case, seconds: float, warm_up: float) -> Measured:
    """Load the case for `seconds`, after a warm-up in which every answer is looked at.

    Raises:
        BrokenCaseError: an answer was not 2xx, or what is stored is not what was acknowledged.
    """
    server = stage.servers.get(case.server)
    _run(stage, case, warm_up, look=True)
    time.sleep(SETTLE_SECONDS)  # what was under way when the load ended is stored as well
    rows, counted = _rows(stage, case), wal.count(stage.connection)
    before = (server.cpu_seconds() if server else 0.0, cpu.seconds(stage.postmaster))
    result = _run(stage, case, seconds, look=False)
    after = (server.cpu_seconds() if server else 0.0, cpu.seconds(stage.postmaster))
    time.sleep(SETTLE_SECONDS)
    flushed = wal.count(stage.connection)
    _check(stage, case, result, _rows(stage, case) - rows)
    server_us, postgres_us = ((late - early) * 1e6 / result.requests for early, late in zip(before, after, strict=True))
    flushes = flushed.flushes - counted.flushes
    return Measured(
        result.requests,
        result.seconds,
        result.requests / result.seconds,
        result.p50,
        result.p99,
        server_us,
        postgres_us,
        server_us + postgres_us,
        (flushed.rows - counted.rows) / flushes if flushes and (case.widget or case.table) else None,
        (_rows(stage, case) - rows) / result.requests if case.is_lossy else None,
    )


def _run(stage: Stage, case: Case, seconds: float, *, look: bool) -> Load:
    seeded = stage.seeded[case.server]
    if not case.server:
        widget = seeded.widgets["v1_many"]
        return pgbench.run(stage.pgbench, stage.dsn, seeded.account, widget, case.connections, seconds)
    port = stage.servers[case.server].port
    script = case.script(port, seeded.widgets, secrets.token_hex(8))
    return load.run(script, port, case.connections, seconds, look=look)


def _rows(stage: Stage, case: Case) -> int:
    if case.is_lossy:
        return waline.counted(stage.dsn)
    if case.table:
        row = stage.connection.execute(f"select count(*) from {case.table}".encode()).fetchone()
    elif case.widget:
        id = stage.seeded[case.server].widgets[case.widget]
        row = stage.connection.execute("select count(*) from response where widget_id = %s", [id]).fetchone()
    else:
        return 0
    assert row
    return int(row[0])


def _check(stage: Stage, case: Case, result: Load, stored: int) -> None:
    if not (case.table or case.widget):
        return
    # When the load ends, each connection may have one request stored whose answer nobody waited for.
    acknowledged, unheard = result.requests * case.items, case.connections * case.items
    if not acknowledged <= stored <= acknowledged + unheard:
        raise BrokenCaseError(
            f"{acknowledged} responses were acknowledged and {stored} rows are stored;"
            f" it should be as many, and at most {unheard} more."
        )
    if case.widget:
        faults = seed.faults(stage.connection, stage.seeded[case.server].widgets[case.widget])
        if faults:
            raise BrokenCaseError("; ".join(faults))
