"""For Python processes with a wrong clock: time.sleep as libfaketime 0.9.10 lets it be.

It fails in clock_nanosleep (EINVAL) where the monotonic clock stays right.
"""

import select
import time


def sleep(seconds: float) -> None:
    """Wait as time.sleep does."""
    select.select((), (), (), seconds)


time.sleep = sleep
