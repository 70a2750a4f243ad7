"""Which backups stay: the newest of each of so many days, weeks and months."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple


class Ladder(NamedTuple):
    """How many days, ISO weeks and months keep their newest backup; counted are those that have one. UTC."""

    days: int
    weeks: int
    months: int


def parsed(text: str) -> Ladder:
    """The ladder in a text such as "7,5,12".

    Raises:
        ValueError: it is none.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise ValueError("three whole numbers: days, weeks and months to keep a backup of, such as 7,5,12")
    return Ladder(*map(int, parts))


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
