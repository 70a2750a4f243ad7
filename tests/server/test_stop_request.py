"""A request to stop, which a handler may make whatever its thread is doing."""

import subprocess
import sys
import threading
import time

from app.config import ROOT
from app.processes.stop_request import StopRequest

# Each round is interrupted at another moment; `threading.Event` in its place hangs within a few of them.
INTERRUPTED = """
import random, signal
from app.processes.stop_request import StopRequest

random.seed(1)
for _ in range(3000):
    stop = StopRequest()
    signal.signal(signal.SIGALRM, lambda *_: stop.make())
    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00002, 0.0003))
    while not stop.wait(0):
        pass
    assert stop.is_made()
print("done")
"""


def test_its_own_thread_may_be_interrupted_to_make_it() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_all_that_wait_go_on() -> None:
    stop, waited = StopRequest(), []
    assert not stop.wait(0.01)
    assert not stop.is_made()
    threads = [threading.Thread(target=lambda: waited.append(stop.wait(30))) for _ in range(3)]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    stop.make()
    for thread in threads:
        thread.join(30)
    assert waited == [True] * 3
    assert time.monotonic() - started < 20
    assert stop.wait(0)
    assert stop.is_made()
