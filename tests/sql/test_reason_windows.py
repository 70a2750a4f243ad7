"""Reasons in windows and periods: whole days, the hours in which a comparison is cut, shares, and what is a change."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.recount import differences
from tests.support.sql_world import Project, Widget, World

NOW = datetime(2027, 12, 22, 10, 30, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)
COUNTS = """
    select sum(k.count), sum(k.compared), sum(k.before)
    from project_roll as p
    cross join fn.reason_counts(
        p.account_id, p.project_id, %s::smallint, p.through - %s + 1, p.through, 1, 'previous', null, %s, null, '-1',
        %s
    ) as k
"""
WINDOW = """
    select w.* from fn.project_window(
        %s, %s, null, null, null, %s, '30d', 'previous', null, %s, '', '-1', false, %s, true
    ) as w
"""


@pytest.fixture
def example(world: World) -> tuple[Project, Widget]:
    """A project, and a widget whose options have the reasons a, b and c."""
    project = world.project("Europe/Rome", NOW - 200 * DAY)
    widget = world.widget(project, "updown")
    world.follow_ups(widget)
    return project, widget


def down(world: World, widget: Widget, at: datetime, reasons: list[str], n: int = 1, key: str = "/a") -> None:
    """Send responses with the option -1 and these reasons."""
    for _ in range(n):
        world.grow(world.send(widget, 2, at, key), reasons)


def groups(world: World, project: Project, widget: Widget, reason: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """The window of the last 30 days with the option -1, and its reasons by value."""
    (window,) = world.dicts(WINDOW, project.account_id, project.id, NOW, widget.id, reason)
    (group,) = json.loads(window["reasons_json"])
    assert group["option"] == "-1"
    return window, {reason["value"]: reason for reason in group["reasons"]}


@pytest.mark.parametrize("days", [1, 7, 30])
def test_the_comparison_is_cut_at_the_hour_at_which_the_window_is(
    world: World, example: tuple[Project, Widget], days: int
) -> None:
    _, widget = example
    world.send(widget, 1, NOW - 150 * DAY)
    shift = {1: 1, 7: 7, 30: 35}[days]
    for hours in range(48):  # on the days in which the window and its comparison end
        down(world, widget, NOW.replace(minute=5) - hours * timedelta(hours=1), ["a"])
        down(world, widget, NOW.replace(minute=5) - shift * DAY - hours * timedelta(hours=1), ["a", "b"])
    world.close(NOW)
    assert differences(world) == {}
    count, compared, before = world.ask(COUNTS, days, days, False, "a")[0]
    # The hour that is not over counts and is not compared; the last 24 hours are full ones. The clocks changed in the
    # month before this one, which makes it an hour longer.
    assert (count, compared, before) == {1: (25, 25, 47), 7: (48, 47, 47), 30: (48, 47, 46)}[days]


def test_one_day_is_counted_by_the_hour(world: World, example: tuple[Project, Widget]) -> None:
    _, widget = example
    for hours in range(30):
        down(world, widget, NOW - hours * timedelta(hours=1), ["c"])
    world.close(NOW)
    sql = COUNTS.replace("sum(k.count), sum(k.compared), sum(k.before)", "k.part, k.count").replace(
        "%s::smallint", "null"
    )
    sql = sql.replace("p.through - %s + 1", "p.through")
    assert sorted(row for row in world.ask(sql, True, "c") if row[1]) == [
        (hour, 1) for hour in range(12)
    ]  # until 11:30 in Rome


def test_a_share_is_of_the_responses_with_the_option_and_changes_beyond_chance(
    world: World, example: tuple[Project, Widget]
) -> None:
    project, widget = example
    world.send(widget, 1, NOW - 150 * DAY)
    for at, reasons in ((NOW - 3 * DAY, (31, 10)), (NOW - 40 * DAY, (10, 11))):
        down(world, widget, at, ["a"], reasons[0])
        down(world, widget, at, ["b"], reasons[1])
        down(world, widget, at, [], 100 - sum(reasons))
        world.grow(world.send(widget, 1, at), ["a"])  # the reason of the same name of another option
    world.close(NOW)
    window, reasons = groups(world, project, widget)
    assert window["responses"] == 100
    names = "count", "share", "share_before", "is_change"
    figures = {name: tuple(each[key] for key in names) for name, each in reasons.items()}
    assert figures == {"a": (31, 0.31, 0.1, True), "b": (10, 0.1, 0.11, False), "c": (0, 0, 0, False)}
    low, high = reasons["a"]["share_interval"]
    assert 0.2 < low < 0.31 < high < 0.42
    # The filter by a reason counts what mentions it, in totals and in the chart, now and before.
    window, _ = groups(world, project, widget, "a")
    assert (window["responses"], window["before"]) == (31, 10)
    (figures_of_widget,) = json.loads(window["widgets_json"])
    assert sum(figures_of_widget["trend"]["responses"]) == 31
    assert [option["count"] for option in figures_of_widget["options"]] == [31]


def test_archived_reasons_keep_their_share(world: World, example: tuple[Project, Widget]) -> None:
    project, widget = example
    down(world, widget, NOW - DAY, ["a", "b"], 4)
    world.follow_ups(widget, ["b"])
    world.close(NOW)
    _, reasons = groups(world, project, widget)
    assert {name: (each["count"], each["is_archived"]) for name, each in reasons.items()} == {
        "a": (4, True), "b": (4, False),
    }  # fmt: skip


def test_a_period_compares_its_reasons_and_the_recap_names_the_one_that_grew_most(
    world: World, example: tuple[Project, Widget]
) -> None:
    project, widget = example
    monday = datetime(2027, 12, 13, 12, tzinfo=UTC)
    world.send(widget, 1, NOW - 150 * DAY)
    for at, reasons in ((monday, Counter(a=31, b=45)), (monday - 7 * DAY, Counter(a=22, b=20, c=5))):
        for reason, n in reasons.items():
            down(world, widget, at, [reason], n)
        down(world, widget, at, [], 100 - reasons.total())
    world.close(NOW)
    assert differences(world) == {}
    rows = world.dicts(
        "select * from fn.period_reasons(%s, %s, null, 'week', %s) where total > 0 order by reason_no",
        project.account_id, widget.id, monday.date(),
    )  # fmt: skip
    assert [(row["count"], row["total"], row["before"], row["total_before"]) for row in rows] == [
        (31, 100, 22, 100), (45, 100, 20, 100), (0, 100, 5, 100),
    ]  # fmt: skip
    recap = world.value("select fn.recap_reason(%s, %s, 'week', %s)", project.account_id, project.id, monday.date())
    assert (recap["value"], recap["option"], recap["share"], recap["before"]) == ("b", "-1", 0.45, 0.2)
    # 22 % to 31 % may be chance.
    world.ask("delete from reason_tally_day where reason_no = any (%s)", [row["reason_no"] for row in rows[1:]])
    assert (
        world.value("select fn.recap_reason(%s, %s, 'week', %s)", project.account_id, project.id, monday.date()) is None
    )


def test_quotes_are_the_newest_messages_that_came_with_a_reason(world: World, example: tuple[Project, Widget]) -> None:
    project, widget = example
    for n in range(4):
        world.grow(world.send(widget, 2, NOW - (5 - n) * DAY), ["a"], message=f"Words {n}")
    spam = world.send(widget, 2, NOW - DAY)
    world.grow(spam, ["a", "b"], message="Spam")
    world.grow(world.send(widget, 2, NOW - DAY), [], message="No reason")
    world.ask("update message_state set folder = 'spam' where response_id = %s", spam.id)
    world.close(NOW)
    _, reasons = groups(world, project, widget)
    assert [quote["body"] for quote in reasons["a"]["quotes"]] == ["Words 3", "Words 2"]
    assert reasons["b"]["quotes"] == []
    ever = world.value("select fn.widget_reasons(%s, %s, %s)", project.account_id, project.id, widget.id)
    (group,) = (each for each in json.loads(ever) if each["option"] == "-1")
    first = group["reasons"][0]
    assert (first["value"], first["count"], first["share"]) == ("a", 5, 5 / 6)
    assert first["quotes"] == reasons["a"]["quotes"]
