"""What a piece of work in the database costs: its time, and the CPU time of the one process that does it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg


@dataclass(frozen=True)
class Cost:
    """Seconds."""

    wall: float
    cpu: float

    def __truediv__(self, n: float) -> "Cost":
        return Cost(self.wall / n, self.cpu / n)


def connect(dsn: str) -> psycopg.Connection:
    """A session whose work no other process shares in, so that its CPU time is all that the work takes."""
    connection = psycopg.connect(dsn, autocommit=True)
    connection.execute("set max_parallel_workers_per_gather = 0")
    connection.execute("set max_parallel_maintenance_workers = 0")
    return connection


def cost(connection: psycopg.Connection, work: Callable[[], object]) -> Cost:
    """What `work` costs, which uses `connection`."""
    cpu, wall = _cpu_seconds(connection.info.backend_pid), time.perf_counter()
    work()
    return Cost(time.perf_counter() - wall, _cpu_seconds(connection.info.backend_pid) - cpu)


def medians(costs: list[Cost]) -> Cost:
    """The median of each figure by itself."""
    return Cost(median(each.wall for each in costs), median(each.cpu for each in costs))


def _cpu_seconds(pid: int) -> float:
    # In nanoseconds, where /proc/PID/stat counts hundredths of a second.
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
