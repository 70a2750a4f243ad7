"""Charts to draw."""

from datetime import date, timedelta

from app.recaps.chart_data import Distribution, Positive, Share, Trend

DAYS = tuple(date(2026, 10, 1) + timedelta(days=n) for n in range(31))

WEEK = Trend(DAYS[4:11], (120, 180, 240, 196, 210, 90, 70), (100, 150, 160, 170, 130, 110, 60), "This", "Before")

NAMES = ("Was this helpful?", "$x^2$ & <b>", "😀 日本語の名前", "Ж" * 200, "مرحبا", "", "a\nb\tc", "{\\alpha}")

VOTES = (Share(880, 1), Share(360, -1), Share(0, 0.3), Share(1, 0))

ROWS = Distribution(tuple((name, "71 %", VOTES) for name in NAMES))

MOOD = Positive(tuple((f"W{n}", value) for n, value in enumerate((0.6, 0.325, None, 0.55, 0.0, 1.0, 0.81))))
