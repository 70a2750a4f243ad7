"""How far the mail worker is, on a terminal."""

import logging
import sys
import time
from collections import Counter

import click

EVERY_SECONDS = 0.1


class Progress:
    """One line on a terminal that is written anew; nothing where standard error is none."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._next = 0.0
        if self._shows:
            logging.getLogger("app.worker.mails").setLevel(logging.WARNING)  # the line says it

    def __call__(self, told: Counter[str]) -> None:
        """Shows how many mails had which outcome by now."""
        if self._shows and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY_SECONDS
            click.echo(f"\r\x1b[K{line(told)}", nl=False, err=True)

    def end(self) -> None:
        """Takes the line away."""
        if self._shows:
            click.echo("\r\x1b[K", nl=False, err=True)


def line(told: Counter[str]) -> str:
    """What became of how many mails."""
    again = told["later"] + told["down"]
    return ", ".join(
        f"{told[outcome]:,} {outcome}" for outcome in ("sent", "kept", "failed")
    ) + (f"; {again:,} to be tried again" if again else "")  # fmt: skip
