"""Which backups stay: the newest of each of so many days, weeks and months."""

from collections.abc import Iterable
from datetime import UTC, datetime

from app.config.parse import Ladder


def kept(times: Iterable[datetime], ladder: Ladder) -> set[datetime]:
    """Those of `times` that stay; the newest always does."""
    newest_first = sorted((time.astimezone(UTC) for time in times), reverse=True)
    stay = set(newest_first[:1])
    for count, rung in ((ladder.days, "%Y-%m-%d"), (ladder.weeks, "%G-%V"), (ladder.months, "%Y-%m")):
        seen: dict[str, datetime] = {}
        for time in newest_first:
            seen.setdefault(time.strftime(rung), time)
        stay |= set(list(seen.values())[:count])
    return stay
