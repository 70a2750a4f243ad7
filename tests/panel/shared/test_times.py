"""Times of lists."""

from datetime import UTC, datetime, timedelta

from app.panel.shared.times import ago


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
