"""(e): pgbench, one INSERT a commit, straight into Postgres."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from uuid import UUID

from tests.programs.bench.load import BrokenCaseError, Load

THREADS = 2
SAMPLE = 0.1
SCRIPT = """
insert into bench_pgbench
    (account_id, id, widget_id, placement_id, option_no, counted_on, created_at, visitor, dedup_key)
values (
    '{account}', gen_random_uuid(), '{widget}', '{widget}', 1, current_date, now(),
    uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid())
);
"""


def find(programs: Path) -> str | None:
    """pgbench: that of the server's own programs, else the one on the path, else any of Debian's."""
    return (
        shutil.which("pgbench", path=str(programs))
        or shutil.which("pgbench")
        or next((str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)), None)
    )


def run(program: str | None, dsn: str, account: UUID, widget: UUID, clients: int, seconds: float) -> Load:
    """Insert for `seconds`.

    Raises:
        BrokenCaseError: there is no pgbench, or it failed.
    """
    if program is None:
        raise BrokenCaseError("pgbench is missing: `apt-get install postgresql-contrib` or set PGBIN to where it is.")
    with tempfile.TemporaryDirectory(prefix="feelback-bench-") as folder:
        script = Path(folder, "insert.sql")
        script.write_text(SCRIPT.format(account=account, widget=widget))
        process = subprocess.run(
            [
                program, "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={THREADS}",
                f"--time={max(1, round(seconds))}", f"--file={script}", "--log", f"--log-prefix={folder}/log",
                f"--sampling-rate={SAMPLE}", dsn,
            ],
            capture_output=True, text=True, timeout=seconds + 60,
        )  # fmt: skip
        lines = process.stdout.splitlines()
        done = [line for line in lines if line.startswith("number of transactions actually processed")]
        rate = [line for line in lines if line.startswith("tps =")]
        if process.returncode or not done or not rate:
            raise BrokenCaseError(f"pgbench failed: {process.stderr.strip()[-500:]}")
        latencies = sorted(
            int(line.split()[2]) for path in Path(folder).glob("log*") for line in path.read_text().splitlines()
        )
    requests = int(done[0].rpartition(":")[2].split("/")[0])
    at = [latencies[int(len(latencies) * part)] / 1e3 if latencies else 0.0 for part in (0.5, 0.99)]
    return Load(requests, requests / float(rate[0].split()[2]), *at)
