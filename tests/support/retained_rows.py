"""Rows that still reference something deleted."""

from datetime import timedelta
from uuid import UUID

from tests.support.sql_world import Project, Widget, World, local

DAY = timedelta(days=1)

NOW = local("2026-09-15T12:00")


def references(world: World, *ids: UUID) -> dict[str, int]:
    """The number of rows with one of these ids in any column, by table and column."""
    columns = world.ask(
        "select c.relname, a.attname from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
        " and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype) and not a.attisdropped"
    )
    assert len(columns) > 30
    counts = {}
    for table, column in columns:
        n = world.value(f'select count(*) from "{table}" where "{column}"::text = any (%s)', [str(id) for id in ids])
        if n:
            counts[f"{table}.{column}"] = n
    return counts


def everything_told(world: World, project: Project) -> list[Widget]:
    """Widgets of several types with all kinds of responses, rolled up and closed, and a recorded difference."""
    widgets = [world.widget(project, type) for type in ("updown", "rating", "message")]
    for n, to in enumerate(widgets):
        for day in range(0, 60, 4):
            world.send(to, 1, NOW - day * DAY, "/a" if day % 8 else "/b", f"visitor {n} {day}")
    world.close(NOW)
    world.ask("update tally set count = count + 1")
    world.ask("update widget_day set count = count + 1 where day = '2026-09-15'")
    world.ask("call fn.reconcile()")
    world.send(widgets[0], 2, NOW, "/a")  # not rolled up yet
    world.ask(
        "insert into address_visit select account_id, id, '\\x01', 1, 'infinity' from placement where widget_id = %s",
        widgets[0].id,
    )
    world.ask(
        "insert into network_day"
        " select account_id, id, substr(sha256(''), 1, 16), 1, 1, 'infinity' from project where id = %s",
        project.id,
    )
    return widgets
