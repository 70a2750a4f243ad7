"""Only types that judge count towards a project's sentiment: likes, messages and forms do not."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.sql_world import Project, World, local

AT = local("2026-06-10T12:00")
NEXT_MONTH = local("2026-07-02T12:00")


@pytest.fixture
def project(world: World) -> Project:
    """Nine likes, and one vote against."""
    project = world.project("UTC", AT - timedelta(days=9))
    likes, votes = world.widget(project, "pulse"), world.widget(project, "yesno")
    for _ in range(9):
        world.send(likes, 1, AT)
    world.send(votes, 2, AT)
    world.refresh(AT)
    return project


def window(world: World, project: Project) -> dict[str, Any]:
    """The row of fn.project_window for 30 days."""
    sql = "select * from fn.project_window(%s, %s, 30::smallint, _now => %s)"
    return world.dicts(sql, project.account_id, project.id, AT)[0]


def test_project_window_leaves_likes_out_of_the_positive_share(world: World, project: Project) -> None:
    row = window(world, project)
    assert (row["responses"], row["judged"], row["positive"]) == (10, 1, 0)


def test_project_windows_leaves_likes_out_of_shares_and_score(world: World, project: Project) -> None:
    rows = world.dicts("select * from fn.project_windows(%s, %s)", project.account_id, project.id)
    assert {(row["total"], row["sentiment"], row["positive"], row["negative"]) for row in rows} == {(10, -1, 0, 1)}
    assert {row["score"] for row in rows} == {-1 / 11}


def test_close_period_leaves_likes_out_of_shares_and_score(world: World, project: Project) -> None:
    world.refresh(NEXT_MONTH)
    world.ask("call fn.run_by_account('{close periods}', %s)", NEXT_MONTH)
    sql = "select total, positive, neutral, negative, sentiment, score from period where scope = 'project'"
    assert set(world.ask(sql)) == {(10, 0, 0, 1, -1, -1 / 11)}


@pytest.mark.parametrize("type", ["pulse", "message", "form"])
def test_project_of_one_type_that_does_not_judge_has_no_sentiment(world: World, type: str) -> None:
    project = world.project("UTC", AT - timedelta(days=9))
    world.send(world.widget(project, type), 1, AT)
    world.refresh(NEXT_MONTH)
    world.ask("call fn.run_by_account('{close periods}', %s)", NEXT_MONTH)
    assert window(world, project)["positive"] is None
    rows = world.dicts("select * from fn.project_windows(%s, %s)", project.account_id, project.id)
    assert {(row["sentiment"], row["positive"], row["score"]) for row in rows} == {(None, None, None)}
    sql = "select distinct sentiment, positive, score from period where scope = 'project'"
    assert world.ask(sql) == [(None, None, None)]
