"""Logging to standard error, one line an event, nothing that a visitor typed."""

import logging
import sys


def set_up(level: str) -> None:
    """Log what is at least as grave as `level`: debug, info, warning or error."""
    logging.basicConfig(
        level=level.upper(), stream=sys.stderr, force=True, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for chatty in ("asyncio", "yoyo"):
        logging.getLogger(chatty).setLevel("WARNING")
