"""What is soaked: a Postgres that flushes, `feelback serve` with every role, a mail server; and how each is killed."""

import contextlib
import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil

from app import config
from app.config import ROOT
from tests.support.serving import DEFAULT_SERVER, free_port
from tests.support.settings import SECRET
from tests.support.standby import Server


class Stack:
    """All processes but the mail server, which is this one's. `killed` counts what was ended, by kind."""

    def __init__(self, database: Server, folder: Path, mail_port: int) -> None:
        self.database, self.killed, self.port = database, Counter[str](), free_port()
        self._log = folder / "serve.log"
        environment = {name: text for name, text in os.environ.items() if name not in config.names()}
        self.environ = {
            **environment, "DATABASE_URL": database.url, "SECRET_KEY": SECRET, "PORT": str(self.port), "LIMITS": "off",
            "WEB_CONCURRENCY": "2", "MAIL_URL": f"smtp://127.0.0.1:{mail_port}", "MAIL_FROM": "soak@example.com",
            "MAIL_PER_SECOND": "50", "LOG_FORMAT": "json", "SERVER": DEFAULT_SERVER,
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts `serve`, and waits until it answers; the database must be there."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve"], cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, self.log_text()
            assert time.monotonic() < end, self.log_text()
            time.sleep(0.1)

    def stop(self) -> int:
        """Stops it as a deploy does; how it ended."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(60)

    def end(self) -> None:
        """Kills whatever still runs."""
        if self._process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(
                self._process.pid
            ).suspend()  # it must not start a child that is not in the list of those to kill
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()

    def kill_something(self, choice: random.Random) -> str:
        """Kills one part at random, brings back what does not come back by itself, and says what it was."""
        what = choice.choice(["_web", "_web", "_scheduler", "_work", "serve", "database", "deploy"])
        self.killed[what] += 1
        if what == "database":
            self.database.kill()
            self.database.start()
        elif what == "serve":
            self.end()
            self.start()
        elif what == "deploy":
            assert self.stop() == 0, self.log_text()
            self.start()
        else:
            processes = [each for each in self.processes() if what in _command(each)]
            for process in processes[:1]:  # between two of its lives there may be none
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
        return what

    def processes(self) -> list[psutil.Process]:
        """The supervisor and all that it runs."""
        assert self._process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self._process.pid)
            return [parent, *parent.children(recursive=True)]
        return []

    def memory(self) -> dict[str, float]:
        """MiB by role; of several of one role the largest."""
        usage: dict[str, float] = {}
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                command = _command(process)
                role = next((part for part in ("_web", "_scheduler", "_work", "serve") if part in command), None)
                if role:
                    usage[role] = max(usage.get(role, 0), process.memory_info().rss / 2**20)
        return usage

    def log_text(self) -> str:
        """The end of its log."""
        return self._log.read_text()[-4000:]

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
