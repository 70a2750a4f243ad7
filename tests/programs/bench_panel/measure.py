"""How long the application takes for a page, with its queries, from the request to the last compressed byte."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from quart import Quart

from app.database import db
from tests.programs.bench.load import BrokenCaseError


@dataclass
class Taken:
    """What a page took: milliseconds of each request, and of CPU; queries and compressed bytes of one."""

    milliseconds: list[float] = field(default_factory=list)
    cpu_milliseconds: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    @property
    def cpu(self) -> float:
        """The median CPU time of the application and Postgres together, which a busy neighbour hardly moves."""
        return median(self.cpu_milliseconds)

    def quantile(self, share: float) -> float:
        """The milliseconds that this share of the requests stayed within."""
        ordered = sorted(self.milliseconds)
        return ordered[min(round(share * len(ordered)), len(ordered) - 1)]


class Queries:
    """Counts what is asked of the database."""

    def __init__(self) -> None:
        self.count = 0
        for name in ("one", "many", "value"):
            setattr(db, name, self._counted(getattr(db, name)))

    def _counted(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        async def counted(*args: Any) -> Any:
            self.count += 1
            return await ask(*args)

        return counted


async def get(app: Quart, token: str, path: str, queries: Queries, cost: Taken, processes: Sequence[int] = ()) -> None:
    """Asks for a page once; `processes` are those of Postgres that answer.

    Raises:
        BrokenCaseError: it was not there.
    """
    client = app.test_client()
    client.set_cookie("localhost", "feelback", token)
    before, cpu, started = queries.count, _cpu(processes), time.perf_counter()
    response = await client.get(path, headers={"Accept-Encoding": "gzip"})
    body = await response.get_data(as_text=False)
    cost.milliseconds.append(1000 * (time.perf_counter() - started))
    cost.cpu_milliseconds.append(_cpu(processes) - cpu)
    if response.status_code != 200:
        raise BrokenCaseError(f"{path} answered {response.status_code}")
    cost.queries, cost.size = queries.count - before, len(body)


def _cpu(processes: Sequence[int]) -> float:
    theirs = sum(int(Path(f"/proc/{each}/schedstat").read_text().split()[0]) for each in processes)
    return 1000 * time.process_time() + theirs / 1_000_000
