"""The progress of `feelback work` on a terminal."""

import logging
import sys
import time
from collections import Counter

import click

EVERY_SECONDS = 0.1


class Progress:
    """A line that is updated in place. Prints nothing if standard error is not a terminal."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._next = 0.0
        if self._shows:
            logging.getLogger("app.worker.mails").setLevel(logging.WARNING)  # the progress line replaces these lines

    def __call__(self, counts: Counter[str]) -> None:
        """Update the line with the number of mails by outcome."""
        if self._shows and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY_SECONDS
            click.echo(f"\r\x1b[K{line(counts)}", nl=False, err=True)

    def end(self) -> None:
        """Clear the line."""
        if self._shows:
            click.echo("\r\x1b[K", nl=False, err=True)


def line(counts: Counter[str]) -> str:
    """Format the number of mails by outcome."""
    again = counts["later"] + counts["down"]
    outcomes = ["sent", "stored", "failed", *(["unknown"] if counts["unknown"] else [])]
    return ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in outcomes) + (
        f"; {again:,} to try again" if again else ""
    )
