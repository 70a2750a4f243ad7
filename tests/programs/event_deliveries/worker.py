"""Starts workers, one for each line that it reads, and prints the process id of each.

A worker is forked off this process, which has imported everything, so that it works within a tenth of a second. It
names itself in a header of its requests, and writes what became of its attempts into the file of its argument.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app import config
from app.queries import deliveries
from app.webhooks import request
from app.worker import events, loop
from app.worker.deliveries import Deliveries
from app.worker.events import Events
from app.worker.loop import Kind
from app.worker.process import Worker

KINDS = (Kind("event", "event", Events), Kind("delivery", "delivery", Deliveries, most=10, is_finished=True))


def main() -> None:
    """Start workers on the database of the environment until there are no more lines."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    settings = config.load(dict(os.environ))
    for _ in sys.stdin:
        if (pid := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(settings, Path(sys.argv[1]))
        print(pid, flush=True)


def work(settings: config.Settings, log: Path) -> None:
    """Work until killed."""
    post, mark = request.post, deliveries.mark_delivery
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def named_post(url: str, body: bytes, headers: Mapping[str, str], *rest: Any) -> request.Answer:
        return await post(url, body, {**headers, "x-worker": str(os.getpid())}, *rest)

    async def logged_mark(pool: Any, delivery: deliveries.ClaimedDelivery, *rest: Any, **more: Any) -> str:
        outcome = await mark(pool, delivery, *rest, **more)
        os.write(file, f"{delivery.id} {delivery.attempt} {outcome}\n".encode())
        return outcome

    request.post, deliveries.mark_delivery = named_post, logged_mark  # type: ignore[assignment]
    loop.FIRST_PAUSE, loop.LONGEST_PAUSE, loop.LOOK_SECONDS, events.BUSY_SECONDS = 0.02, 0.2, 1, 0.02  # type: ignore[assignment]
    asyncio.run(Worker(settings, settings.database_url, kinds=KINDS).run())
    os._exit(0)


if __name__ == "__main__":
    main()
