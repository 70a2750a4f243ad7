"""Times in words, and in UTC."""

from datetime import UTC, datetime, timedelta

from app.text.numbers import full_day

UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
MOST = timedelta(days=7)  # from then on a date says more
JUST_NOW = timedelta(minutes=1)


def relative(value: datetime, now: datetime) -> str:
    """5 minutes ago, 1 day ago; the date of what is a week ago or later than now."""
    age = now - value
    if not -JUST_NOW < age < MOST:
        return full_day(value)
    for unit, name in UNITS:
        count = age // unit
        if count > 0:
            return f"{count} {name}{'s' if count != 1 else ''} ago"
    return "just now"


def in_utc(value: datetime) -> datetime:
    """The same time in UTC; of times that UTC does not have in years 1 to 9999, the first or the last that it has."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return (datetime.min if value.year == 1 else datetime.max).replace(tzinfo=UTC)
