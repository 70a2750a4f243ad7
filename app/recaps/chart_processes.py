"""Drawing charts in processes of their own: one a core, and matplotlib only in them."""

import asyncio
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from app.recaps.chart_data import Chart

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ChartProcesses:
    """Processes that draw, as many as there are cores unless told; started by the first chart, gone when put down."""

    def __init__(self, processes: int = CORES) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    async def draw(self, charts: Sequence[Chart], kind: str = "png") -> list[bytes]:
        """Each chart as `png` or `svg`; all by one process, while others draw for others.

        Raises:
            BrokenProcessPool: the processes were killed, and those that took their place too.
        """
        try:
            return await self._draw(charts, kind)
        except BrokenProcessPool:  # whoever killed one, out of memory perhaps, took the others along
            self.shut_down()
            return await self._draw(charts, kind)

    async def _draw(self, charts: Sequence[Chart], kind: str) -> list[bytes]:
        if self._pool is None:
            # Forked by a server that has none of this process's sockets. It stays for good, so it loads no matplotlib.
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload([])
            self._pool = ProcessPoolExecutor(self._processes, context, _begin)
        return await asyncio.get_running_loop().run_in_executor(self._pool, _drawn, tuple(charts), kind)

    def shut_down(self) -> None:
        """Lets go of the processes; the next chart starts new ones."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _begin() -> None:
    # Ctrl-C in a terminal is for the parent to hear; and none outlives it, however it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _drawn(charts: tuple[Chart, ...], kind: str) -> list[bytes]:
    from app.recaps.charts import draw

    return [draw(chart, kind) for chart in charts]
