"""Work in a child process, so that what it loads takes no memory of this one, which runs for months."""

import contextlib
import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Callable

import click

from app.errors import ConfigError, FeelbackError

log = logging.getLogger(__name__)


def print_error(error: ConfigError | FeelbackError) -> int:
    """Print an error that the user can fix, without a traceback; returns the exit status."""
    text = str(error) if isinstance(error, ConfigError) else error.text
    for line in text.splitlines():
        click.echo(f"Error: {line}", err=True)
    return 2 if isinstance(error, ConfigError) else 1


def in_child(action: Callable[[], str]) -> str:
    """What `action` returns in a fork of this process, which must have no threads.

    Raises:
        SystemExit: it raised something, which was printed.
    """
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _run(action, reading, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="utf-8") as results:
            result = results.read()
        _, ended = os.waitpid(child, 0)
    except BaseException:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        raise
    if status := os.waitstatus_to_exitcode(ended):
        sys.exit(status if status > 0 else 1)
    return result


def _run(action: Callable[[], str], reading: int, writing: int) -> None:
    """Never returns: what the parent goes on with must happen once."""
    status = 1
    try:
        os.close(reading)
        threading.Thread(target=_end_with_parent, args=(writing,), daemon=True).start()
        result = action().encode()
        sys.stdout.flush()
        while result:
            result = result[os.write(writing, result) :]
        status = 0
    except (ConfigError, FeelbackError) as error:
        status = print_error(error)
    except KeyboardInterrupt:
        status = 130
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        log.exception("The start failed")
    finally:
        os._exit(status)


def _end_with_parent(writing: int) -> None:
    """A parent that was killed reads no more; its child would keep the port that it listens on."""
    poll = select.poll()
    poll.register(writing, 0)  # errors alone, such as that nobody reads
    poll.poll()
    os._exit(1)
