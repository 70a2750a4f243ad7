"""Selects the backups to keep: the newest of each of the last days, weeks and months."""

from collections.abc import Iterable
from datetime import UTC, datetime

from app.config.parse import Ladder


def times_to_keep(times: Iterable[datetime], ladder: Ladder) -> set[datetime]:
    """Those of `times` to keep. The newest is always among them."""
    newest_first = sorted((time.astimezone(UTC) for time in times), reverse=True)
    stay = set(newest_first[:1])
    for count, rung in ((ladder.days, "%Y-%m-%d"), (ladder.weeks, "%G-%V"), (ladder.months, "%Y-%m")):
        newest: dict[str, datetime] = {}
        for time in newest_first:
            newest.setdefault(time.strftime(rung), time)
        stay |= set(list(newest.values())[:count])
    return stay
