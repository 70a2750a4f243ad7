"""One definition of what responses say: by type, the same for pages, widgets and projects, with its interval."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.sql_world import Project, Widget, World, local

AT = local("2026-06-10T12:30")
NEXT_MONTH = local("2026-07-02T12:00")
DAY = timedelta(days=1)
SCALE = json.dumps([{"value": str(n)} for n in range(11)])
# 3 promoters, 2 passives and 6 detractors.
VALUES = (10, 9, 9, 7, 8, 0, 1, 2, 3, 5, 6)


def scale(world: World, project: Project) -> Widget:
    """A widget of 0 to 10 whose options give no weights."""
    sql = "select fn.create_widget(%s, %s, 'Recommend', 'nps', _options => %s::jsonb)"
    return Widget(project.account_id, project.id, world.value(sql, project.account_id, project.id, SCALE))


def windows(world: World, of: Widget) -> list[dict[str, Any]]:
    """The 30 days of the widget, of its page, and of both as the API and the panel's screens say them."""
    account_id, project_id = of.account_id, of.project_id
    (widget,) = world.dicts("select * from fn.widget_windows(%s, %s, 30::smallint)", account_id, project_id)
    placement_id = world.placement(of)
    placement = world.dicts("select * from fn.placement_windows(%s, %s) where days = 30", account_id, placement_id)
    answer = json.loads(world.value("select fn.scope_windows(%s, %s, 'widget', %s)", account_id, project_id, of.id))
    overview = world.dicts(
        "select * from fn.project_window(%s, %s, 30::smallint, _now => %s)", account_id, project_id, AT
    )
    ever = world.dicts("select w.* from project as p, fn.widget(%s, p.slug, %s) as w", account_id, of.id)
    return [widget, *placement, answer[2], *json.loads(overview[0]["widgets_json"]), *ever]


def listed(world: World, of: Widget) -> dict[str, Any]:
    """The 30 days of the widget on its page, as the list of pages says them: without intervals."""
    (page,) = world.dicts("select * from fn.page_list(%s, %s, '30d', _now => %s)", of.account_id, of.project_id, AT)
    (widget,) = json.loads(page["widgets_json"])
    return widget


def test_0_to_10_has_an_nps_and_weights_by_itself(world: World) -> None:
    project = world.project("UTC", AT - 9 * DAY)
    to = scale(world, project)
    weights = world.ask("select weight from option where widget_id = %s order by position", to.id)
    assert [weight for (weight,) in weights] == [-1] * 7 + [0, 0, 1, 1]
    for value in VALUES:
        world.send(to, value + 1, AT - DAY)
    world.refresh(AT)
    for row in (*windows(world, to), listed(world, to)):
        assert row["nps"] == pytest.approx(-300 / 11), row
        assert row["sentiment"] == pytest.approx(-3 / 11)
        assert row["average"] == pytest.approx(60 / 11)
    for row in windows(world, to):
        assert row["nps_interval"][0] < row["nps"] < row["nps_interval"][1]
    world.close(NEXT_MONTH)
    assert world.ask("select distinct scope, nps from period where unit = 'month' order by 1") == [
        ("placement", pytest.approx(-300 / 11)), ("project", None), ("widget", pytest.approx(-300 / 11)),
    ]  # fmt: skip
    recap = world.dicts(
        "select * from fn.recap_widgets(%s, %s, 'month', '2026-06-01')", project.account_id, project.id
    )  # fmt: skip
    assert recap[0]["nps"] == pytest.approx(-300 / 11)


@pytest.mark.parametrize("type", ["pulse", "message", "form"])
def test_a_type_that_does_not_judge_says_nothing_anywhere(world: World, type: str) -> None:
    to = world.widget(world.project("UTC", AT - 9 * DAY), type)
    for _ in range(5):
        world.send(to, 1, AT - DAY)
    world.refresh(AT)
    names = (
        "positive",
        "positive_interval",
        "neutral",
        "negative",
        "sentiment",
        "sentiment_interval",
        "average",
        "nps",
    )
    for row in (*windows(world, to), listed(world, to)):
        assert {row.get(name) for name in names} == {None}, row
    stats = world.dicts("select * from fn.tallies(array[%s]::uuid[], array[%s]::uuid[], '{/a}')", to.account_id, to.id)
    assert (stats[0]["total"], stats[0]["positive"], stats[0]["sentiment"], stats[0]["score"]) == (5, None, None, None)
    world.close(NEXT_MONTH)
    assert world.ask("select distinct positive, neutral, negative, sentiment, score from period") == [(None,) * 5]


def test_the_figure_of_a_project_is_the_same_everywhere(world: World) -> None:
    # The example of docs/formulas.md, and what came before it.
    project = world.project("UTC", AT - 200 * DAY)
    likes, notes, votes, stars = (world.widget(project, type) for type in ("pulse", "message", "updown", "rating"))
    week = local("2026-06-03T12:00")
    world.send(votes, 1, week - 20 * DAY)
    for to, nos in ((likes, [1] * 180), (notes, [1] * 40), (votes, [1] * 8 + [2] * 2), (stars, [5, 5, 3, 1])):
        for no in nos:
            world.send(to, no, week)
    for no in [1] * 2 + [2] * 18:
        world.send(votes, no, week - 7 * DAY)
    at = local("2026-06-08T02:30")
    world.close(at)
    of = project.account_id, project.id
    (overview,) = world.dicts("select * from fn.project_window(%s, %s, 7::smallint, _now => %s)", *of, at)
    answer = json.loads(world.value("select fn.scope_windows(%s, %s, 'project')", *of))
    (recap,) = world.dicts("select * from fn.recap(%s, %s, 'week', '2026-06-01')", *of)
    week_row = next(row for row in answer if row["days"] == 7)
    for row in (overview, recap, week_row):
        assert row["positive"] == pytest.approx(10 / 14)
        assert row["positive_interval"] == pytest.approx([0.4535, 0.8828], abs=0.001)
    for row in (overview, recap):
        assert (row["judged"], row["positive_before"], row["is_positive_change"]) == (14, pytest.approx(0.1), True)
    assert world.value("select positive from period where unit = 'week' and scope = 'project'"
                       " and starts_on = '2026-06-01'") == pytest.approx(10 / 14)  # fmt: skip


def test_a_recap_compares_months_by_day(world: World) -> None:
    project = world.project("UTC", local("2025-11-01"))
    votes = world.widget(project)
    for day in range(1, 121):  # to the end of February
        for _ in range(20):
            world.send(votes, 1, local("2025-10-31T12:00") + day * DAY)
    world.close(local("2026-03-02T12:00"))
    sql = "select kind from fn.recap_placements(%s, %s, 'month', '2026-02-01', 5)"
    assert {kind for (kind,) in world.ask(sql, project.account_id, project.id)} == {"most", "best"}
