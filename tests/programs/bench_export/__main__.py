"""A server with a project of a million responses; the export at once and the prepared one, with the memory they take.

`python -m tests.programs.bench_export [responses]` prints a table. Memory is the resident set of the process that
writes: the highest during the export, beside that before it.
"""

import asyncio
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.request import Request, urlopen

import asyncpg

from app import config
from app.database import migrate
from app.database.embedded import cluster
from tests.support.serving import SECRET, Processes, Server, serving

PAGE = "/projects/big/exports"
RESPONSES = """
insert into response (
    account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, body, context
)
select $1, (fn.uuid_floor(t.at)::text)::uuid, $2, $3, 1, t.at::date, t.at, sha256(n::text::bytea),
    'Message ' || n || ': this page answered what I came for, thank you for writing it down so plainly.',
    jsonb_build_object('title', 'Page ' || n % 1000, 'version', n % 17)
from generate_series($4::integer, $5::integer) as n
cross join lateral (select now() - interval '20 days' + n * interval '1 millisecond' as at) as t
"""


async def seed(dsn: str, count: int) -> str:
    """Fills a project; the token of its owner's session."""
    connection = await asyncpg.connect(dsn, command_timeout=600)
    account_id, person_id = await connection.fetchrow("select * from fn.create_account('Big', 'big@example.com', null)")
    project_id = await connection.fetchval("select fn.create_project($1, 'Big', 'big')", account_id)
    widget_id = await connection.fetchval(
        "select fn.create_widget($1, $2, 'Messages', 'message', null, null, 'open', null, '[]', false)",
        account_id, project_id,
    )  # fmt: skip
    placement_id = await connection.fetchval(
        "with p as (insert into page (account_id, id, project_id, key, created_at)"
        " values ($1, fn.uuid_v7(), $3, '/a', now()) returning id)"
        " insert into placement (account_id, id, widget_id, page_id, key)"
        " select $1, fn.uuid_v7(), $2, id, '/a' from p returning id",
        account_id, widget_id, project_id,
    )  # fmt: skip
    for start in range(1, count + 1, 100_000):
        await connection.execute(RESPONSES, account_id, widget_id, placement_id, start, min(start + 99_999, count))
    await connection.execute(
        "insert into widget_day (account_id, project_id, day, widget_id, option_no, count)"
        " values ($1, $2, current_date, $3, 1, $4)",
        account_id, project_id, widget_id, count,
    )  # fmt: skip
    await connection.execute("vacuum analyze")
    token = secrets.token_urlsafe(32)
    await connection.execute("update installation set claimed_at = now()")
    await connection.execute("select fn.create_session($1, $2)", person_id, sha256(token.encode()).digest())
    await connection.close()
    return token


class Watch:
    """The resident set of a process, in MB: before, and the highest of the samples."""

    def __init__(self, server: Processes, command: bytes) -> None:
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        self._pid = next(pid for pid in children if command in Path(f"/proc/{pid}/cmdline").read_bytes())
        self.before = self.highest = self._now()

    def _now(self) -> float:
        status = Path(f"/proc/{self._pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Samples until the context ends."""
        done = threading.Event()

        def sample() -> None:
            while not done.wait(0.02):
                self.highest = max(self.highest, self._now())

        thread = threading.Thread(target=sample)
        thread.start()
        yield
        done.set()
        thread.join()


def download(server: Server, path: str, token: str) -> tuple[int, int]:
    """Reads an answer and keeps none of it; its bytes and lines."""
    size = lines = 0
    with urlopen(Request(server.url + path, headers={"cookie": f"feelback={token}"})) as answer:
        while part := answer.read(65_536):
            size, lines = size + len(part), lines + part.count(b"\n")
    return size, lines


async def prepare(dsn: str) -> tuple[str, int]:
    """Asks for an export as the page does and waits until it is ready; its id and how many parts it has."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        """
        select set_config('feelback.person_id', m.person_id::text, false),
            fn.request_export(p.account_id, p.id, 'responses', 'csv', null, null, '', null, null, '')
        from project as p join member as m on m.account_id = p.account_id where p.slug = 'big'
        """
    )
    while True:
        row = await connection.fetchrow("select id, parts, error from export where done_at is not null")
        if row:
            assert row["error"] is None, row["error"]
            await connection.close()
            return str(row["id"]), row["parts"]
        await asyncio.sleep(0.05)


def print_cost(what: str, seconds: float, rows: int, size: int, watch: Watch) -> None:
    """Prints a line of the table."""
    print(
        f"{what:<34} {rows:>9,} rows {size / 1e6:>7.1f} MB {seconds:>6.1f} s {rows / seconds:>9,.0f} rows/s   "
        f"{watch.before:>6.1f} MB before, {watch.highest:>6.1f} MB at most"
    )


def main() -> None:
    """Prints the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="feelback-bench-export-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with cluster.use(config.load({"FEELBACK_DATA": folder})) as dsn:
            migrate.apply(dsn, secret=SECRET)
            token = asyncio.run(seed(dsn, count))
            with serving({"DATABASE_URL": dsn}) as server:
                download(server, PAGE, token)  # warm
                for format in ("csv", "jsonl"):
                    watch, started = Watch(server, b"_web"), time.monotonic()
                    with watch.watching():
                        size, lines = download(server, f"{PAGE}/file?kind=responses&format={format}", token)
                    print_cost(f"at once, {format}", time.monotonic() - started, lines - (format == "csv"), size, watch)
                watch, started = Watch(server, b"_work"), time.monotonic()
                with watch.watching():
                    id, parts = asyncio.run(prepare(dsn))
                seconds = time.monotonic() - started
                download_watch, started = Watch(server, b"_web"), time.monotonic()
                with download_watch.watching():
                    size, lines = download(server, f"{PAGE}/{id}/file", token)
                print_cost(f"prepared, csv, {parts} parts", seconds, lines - 1, size, watch)
                print_cost("and handed out", time.monotonic() - started, lines - 1, size, download_watch)


if __name__ == "__main__":
    main()
