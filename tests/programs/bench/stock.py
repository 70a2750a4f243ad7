"""(l): the no-op on Hypercorn and on uvicorn as their packages ship them, without what app/server changes.

(a) runs in our own web process, so that it becomes cheaper with it; this does not.
"""

import asyncio
import socket
import sys

import hypercorn
import uvicorn
import uvloop
from hypercorn.asyncio import serve

from app.server.supervisor import watch_parent
from tests.programs.bench.noop import application


def run(kind: str, fd: int) -> None:
    """Answer on the listening socket `fd` with the server that `kind` names, on uvloop as ours, without logs."""
    if kind == "uvicorn":
        config = uvicorn.Config(
            application, loop="uvloop", http="httptools", ws="none", access_log=False, log_level="warning"
        )
        uvicorn.Server(config).run(sockets=[socket.socket(fileno=fd)])
        return
    settings = hypercorn.Config()
    settings.bind = [f"fd://{fd}"]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(application, settings))


if __name__ == "__main__":
    watch_parent()
    run(sys.argv[2], int(sys.argv[1]))
