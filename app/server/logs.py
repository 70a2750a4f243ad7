"""Logging to standard error, and to a log sink and Sentry if set. Nothing that a visitor typed is logged."""

import logging
import sys

from app.config import Settings
from app.telemetry import lines


def set_up(settings: Settings) -> None:
    """Log records of LOG_LEVEL and above in LOG_FORMAT."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(lines.Json() if settings.log_format == "json" else lines.Text())
    handlers: list[logging.Handler] = [stream]
    if settings.log_sink_url:
        from app.telemetry.sink import Sink

        handlers.append(Sink(settings.log_sink_url, settings.log_sink_header, settings.log_sink_template))
    if settings.sentry_dsn:
        from app.telemetry import sentry

        handlers.append(sentry.handler(settings))
    logging.basicConfig(level=settings.log_level.upper(), handlers=handlers, force=True)
    # yoyo logs every step of every migration: 271 lines on a first start.
    logging.getLogger("yoyo").setLevel(logging.WARNING)
