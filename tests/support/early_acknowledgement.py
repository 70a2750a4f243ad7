"""A web process that acknowledges responses before they are committed: crash tests must detect it."""

import asyncio
import os
import sys
from typing import Any

from app import config
from app.ingest.batch import Batcher
from app.server import logs, supervisor, web_process

submit = Batcher.submit


def submit_early(self: Batcher, item: Any, count: int = 1) -> "asyncio.Future[Any]":
    """Queue the item and acknowledge it at once."""
    if isinstance(item, tuple) and len(item) > 3:  # a response; reads are not changed
        stored = submit(self, item, count)
        stored.add_done_callback(lambda done: done.exception())
        answered = asyncio.get_running_loop().create_future()
        answered.set_result(None)
        return answered
    return submit(self, item, count)


def main() -> None:
    """Serve on PORT, with the database in DATABASE_URL."""
    Batcher.submit = submit_early  # type: ignore[method-assign]
    settings = config.load()
    logs.set_up(settings)
    with supervisor.listen(settings) as listener:
        os.environ[supervisor.DSN] = settings.database_url
        sys.stdout.write("ready\n\nready \n")
        sys.stdout.flush()
        web_process.run_web(settings, listener.fileno())


if __name__ == "__main__":
    main()
