"""A project's days always equal the sum of its widgets' days."""

from datetime import UTC, datetime

from tests.support.sql_world import Project, World

TOLD = """
select (
        select array_agg(jsonb_build_array(day, count) order by day) from project_day
        where count <> 0 and project_id = %s
    )
    is not distinct from (
        select array_agg(jsonb_build_array(day, count) order by day)
        from (select day, sum(count)::bigint as count from widget_day where project_id = %s group by day) as d
        where count <> 0
    )
"""
NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)


def agrees(world: World, project: Project) -> bool:
    """Whether the project's days equal the sum of its widgets' days."""
    return bool(world.value(TOLD, project.id, project.id))


def test_a_project_s_days_follow_those_of_its_widgets(world: World) -> None:
    project = world.project(at=NOON)
    votes, likes = world.widget(project), world.widget(project, "pulse")
    for number in (1, 2, 2):
        world.send(votes, number, NOON)
    world.send(likes, 1, NOON)
    world.refresh(NOON)
    assert world.value("select count from project_day where project_id = %s", project.id) == 4
    assert agrees(world, project)
    world.ask("select * from fn.purge_widget(%s, %s)", votes.account_id, votes.id)
    assert world.value("select count from project_day where project_id = %s", project.id) == 1
    assert agrees(world, project)
    world.ask("select * from fn.purge_project(%s, %s)", project.account_id, project.id)
    assert world.value("select count(*) from project_day where project_id = %s", project.id) == 0


def test_reconcile_puts_a_project_s_days_right(world: World) -> None:
    project = world.project(at=NOON)
    world.send(world.widget(project), 1, NOON)
    world.refresh(NOON)
    world.ask("update project_day set count = 7 where project_id = %s", project.id)
    assert world.value("call fn.reconcile(%s)", NOON) == 1
    assert agrees(world, project)
    assert world.ask("select what, stored, recounted from reconciliation") == [
        ("project_day", {"count": 7}, {"count": 1})
    ]
    assert world.value("call fn.reconcile(%s)", NOON) == 0
