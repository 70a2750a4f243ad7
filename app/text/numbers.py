"""Formats numbers and times for screens and mails."""

import math
from collections.abc import Sequence
from datetime import date, datetime

MINUS = "\u2212"
# Shares and averages of fewer responses are shown with their 95 % interval.
FEW = 100


def number(value: float, decimals: int = 0) -> str:
    """12,345 or 4.3."""
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def plural(count: int, one: str, many: str) -> str:
    """A phrase with a count in place of %s: "%s page" of one, "%s pages" of any other number."""
    return (one if count == 1 else many).replace("%s", number(count))


def signed(value: float | None, decimals: int = 2) -> str:
    """+0.62 or −0.10; a dash for None."""
    return "–" if value is None else f"{round(value, decimals) + 0.0:+.{decimals}f}".replace("-", MINUS)


def percent(part: float, whole: float) -> str:
    """42 %, of nothing 0 %, of a little less than 1 %."""
    share = 100 * part / whole if whole else 0
    return "<1 %" if 0 < share < 1 else f"{share:.0f} %"


def share(value: float | None) -> str:
    """78 %, of a share from 0 to 1; a dash for None."""
    return "–" if value is None else percent(value, 1)


def share_interval(part: int, whole: int) -> tuple[float, float] | None:
    """The 95 % interval of a share, low and high from 0 to 1, as fn.wilson_interval."""
    if not 0 <= part <= whole > 0:
        return None
    middle, margin = part + 1.9208, 1.96 * math.sqrt(part * (whole - part) / whole + 0.9604)
    return (middle - margin) / (whole + 3.8416), (middle + margin) / (whole + 3.8416)


def interval(bounds: Sequence[float] | None, count: int, kind: str = "share") -> str:
    """A 95 % interval, such as 61–89 %, if it is of few responses; otherwise nothing.

    `kind` is what it is of: share (0 to 1), average, sentiment (−1 to 1) or nps (−100 to 100).
    """
    if bounds is None or count >= FEW:
        return ""
    low, high = bounds
    if kind == "share":
        return f"{100 * low:.0f}–{100 * high:.0f} %"
    if kind == "average":
        return f"{number(low, 1)}–{number(high, 1)}"
    decimals = 0 if kind == "nps" else 2
    return f"{signed(low, decimals)} to {signed(high, decimals)}"


def rate(value: float, bounds: Sequence[float]) -> str:
    """8.1 % (6.7–9.7 %), of a share from 0 to 1 that is small as a rule, with its 95 % interval."""
    decimals = 1 if value < 0.1 else 0
    low, high = (number(100 * bound, decimals) for bound in bounds)
    return f"{number(100 * value, decimals)} % ({low}–{high} %)"


def is_change(now: int, before: int) -> bool:
    """Whether two counts over the same time differ by more than chance, as fn.is_change."""
    return abs(now - before) > 1.96 * math.sqrt(now + before)


def change(now: int, before: int | None) -> tuple[str, str]:
    """Compare two counts; returns a text such as +12 % or, from ten times as many, ×10, and `up`, `down` or `flat`.

    The text is empty without a `before`.
    """
    if before is None:
        return "", "flat"
    if now != before and not is_change(now, before):
        return "no clear change", "flat"
    if not before:
        return ("new", "up") if now else ("no change", "flat")
    if now >= 10 * before:
        return f"×{number(now // before)}", "up"
    difference = round(100 * (now - before) / before)
    text = f"{difference:+,d} %".replace("-", MINUS) if difference else "no change"
    return text, "up" if difference > 0 else "down" if difference else "flat"


def share_change(now: float | None, before: float | None, has_changed: bool) -> tuple[str, str]:
    """Compare two shares, which differ by more than chance if `has_changed`; as `change`, in points."""
    if now is None or before is None:
        return "", "flat"
    points = round(100 * (now - before))
    if not points or not has_changed:
        return "no clear change" if points else "no change", "flat"
    text = f"{points:+d} point{'s' * (abs(points) != 1)}".replace("-", MINUS)
    return text, "up" if points > 0 else "down"


def day(value: date) -> str:
    """3 Aug."""
    return f"{value.day} {value:%b}"


def full_day(value: date) -> str:
    """3 Aug 2026."""
    return f"{value.day} {value:%b %Y}"


def days(first: date, last: date) -> str:
    """16–22 November 2026, 28 September – 4 October 2026, 28 December 2026 – 3 January 2027."""
    end = f"{last.day} {last:%B %Y}"
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} – {end}"
    return f"{first.day} {first:%B} – {end}" if first.month != last.month else f"{first.day}–{end}"


def span(first: date, last: date) -> str:
    """28 Aug – 25 Nov 2026, 26 Nov 2025 – 25 Nov 2026, and a single day as it is."""
    if first == last:
        return full_day(last)
    return f"{day(first) if first.year == last.year else full_day(first)} – {full_day(last)}"


def moment(value: datetime) -> str:
    """3 Aug 2026, 14:05."""
    return f"{value.day} {value:%b %Y, %H:%M}"


def tone(weight: float | None) -> str:
    """`good`, `bad` or `plain`, for a weight or sentiment."""
    return "plain" if weight is None or abs(weight) < 0.005 else "good" if weight > 0 else "bad"
