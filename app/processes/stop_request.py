"""A request to stop that a signal handler may make.

`threading.Event.set` there can wait for a lock that the interrupted code holds, and so for ever.
"""

import queue


class StopRequest:
    """Made once, by any thread or signal handler, and waited for by any number of threads."""

    def __init__(self) -> None:
        # In one thread its methods may interrupt one another, which the library promises of no other class.
        self._queue = queue.SimpleQueue[None]()

    def make(self) -> None:
        """Let all go on that wait, now or later."""
        self._queue.put(None)

    def is_made(self) -> bool:
        """Whether `make` was called."""
        return not self._queue.empty()

    def wait(self, timeout: float) -> bool:
        """Wait until it is made, at most `timeout` seconds; returns whether it is."""
        try:
            self._queue.put(self._queue.get(timeout=timeout))
        except queue.Empty:
            return False
        return True
