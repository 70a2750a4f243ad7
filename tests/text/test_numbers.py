import pytest

from app.text.numbers import change


@pytest.mark.parametrize(
    ("now", "before", "text", "tone"),
    [
        (0, 0, "no change", "flat"),
        (30, 0, "new", "up"),
        (270, 200, "+35 %", "up"),
        (27, 20, "no clear change", "flat"),
        (99, 10, "+890 %", "up"),
        (100, 10, "×10", "up"),
        (199, 10, "×19", "up"),  # rounded down: never more than it is
        (20_000, 1, "×20,000", "up"),
        (0, 30, "−100 %", "down"),
        (2000, 2000, "no change", "flat"),
    ],
)
def test_large_changes_are_told_as_a_factor(now: int, before: int, text: str, tone: str) -> None:
    assert change(now, before) == (text, tone)
