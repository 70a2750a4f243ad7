"""A worker in a process of its own. It waits a hundredth as long as a real one, and its charts are drawn already."""

import os
from collections.abc import Sequence

from app import config
from app.mail import smtp
from app.recaps.chart_data import Chart
from app.recaps.chart_processes import ChartProcesses
from app.worker import loop, process

FASTER = 0.01
IMAGE = bytes(20_000)  # as large as a chart


async def _draw(self: ChartProcesses, charts: Sequence[Chart], kind: str = "png") -> list[bytes]:
    return [IMAGE for _ in charts]


def main() -> None:
    """Work until killed, on the database and the mail server of the environment."""
    smtp.TIMEOUTS = smtp.TIMEOUTS.scaled(FASTER)
    loop.FIRST_PAUSE, loop.LONGEST_PAUSE, loop.LOOK_SECONDS = 0.02, 0.2, 1
    ChartProcesses.draw = _draw  # type: ignore[method-assign]
    settings = config.load(dict(os.environ))
    process.run(settings, settings.database_url)


if __name__ == "__main__":
    main()
