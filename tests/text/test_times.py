"""Times in words."""

from datetime import UTC, datetime, timedelta

import pytest

from app.text.times import relative

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-30), "just now"),  # the clocks of two machines differ
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=5, seconds=50), "5 minutes ago"),
        (timedelta(minutes=60), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "19 Nov 2026"),
        (timedelta(minutes=-2), "26 Nov 2026"),
        (timedelta(days=-40), "5 Jan 2027"),
    ],
)
def test_a_time_is_relative_for_a_week(age: timedelta, words: str) -> None:
    assert relative(NOW - age, NOW) == words
