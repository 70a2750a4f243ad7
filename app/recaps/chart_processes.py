"""Draws charts in separate processes, one per core, so that only they load matplotlib."""

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
    """A process pool that draws charts. It starts with the first chart and ends with `shut_down`."""

    def __init__(self, processes: int = CORES) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    async def draw(self, charts: Sequence[Chart], kind: str = "png") -> list[bytes]:
        """Draw charts as `png` or `svg`, all of them in one process.

        Raises:
            BrokenProcessPool: the processes were killed, and so were those that replaced them.
        """
        try:
            return await self._draw(charts, kind)
        except BrokenProcessPool:  # one process that is killed, perhaps out of memory, breaks the whole pool
            self.shut_down()
            return await self._draw(charts, kind)

    async def _draw(self, charts: Sequence[Chart], kind: str) -> list[bytes]:
        if self._pool is None:
            # Forked by a server that has none of this process's sockets. The server never ends: preload nothing, so
            # that it does not hold matplotlib in memory.
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload([])
            self._pool = ProcessPoolExecutor(self._processes, context, _start)
        return await asyncio.get_running_loop().run_in_executor(self._pool, _draw_all, tuple(charts), kind)

    def shut_down(self) -> None:
        """End the processes. The next chart starts new ones."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _start() -> None:
    # Ctrl-C in a terminal is for the parent to handle. The thread ends this process however the parent ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _draw_all(charts: tuple[Chart, ...], kind: str) -> list[bytes]:
    from app.recaps.charts import draw

    return [draw(chart, kind) for chart in charts]
