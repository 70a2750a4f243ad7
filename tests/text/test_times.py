"""Times in words."""

from datetime import UTC, datetime, timedelta

import pytest

from app.panel.shared.times import ago
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


def test_the_element_has_the_exact_time_in_its_zone() -> None:
    text = str(ago(datetime(2026, 8, 3, 14, 5, 9), "Asia/Tokyo"))  # as the database gives it
    assert 'datetime="2026-08-03T14:05:09+09:00"' in text
    assert 'title="3 Aug 2026, 14:05 Asia/Tokyo"' in text
    text = str(ago(datetime(2026, 8, 3, 14, 5, tzinfo=UTC), "Asia/Tokyo"))
    assert 'title="3 Aug 2026, 23:05 Asia/Tokyo"' in text
    assert ">3 Aug 2026</time>" in text


def test_the_element_of_a_moment_ago_says_so() -> None:
    text = str(ago(datetime.now(UTC) - timedelta(minutes=5, seconds=10)))
    assert text.endswith(">5 minutes ago</time>")
    assert ' UTC"' in text
