"""Every aggregate, recomputed by plain SQL from the rows, and the differences."""

from tests.support.sql_world import World

# Pairs of queries: the aggregate computed from the rows, and as stored. Rows of only one of them are wrong.
DIFFERENCES = {
    "tally": (
        "select account_id, placement_id, option_no, count(*) from response group by 1, 2, 3",
        "select account_id, placement_id, option_no, count from tally where count <> 0",
    ),
    "tally_day": (
        "select account_id, placement_id, counted_on, option_no, count(*), count(*) from response group by 1, 2, 3, 4",
        "select account_id, placement_id, day, option_no, count, rolled from tally_day where count <> 0 or rolled <> 0",
    ),
    "widget_day": (
        "select account_id, project_id, counted_on, widget_id, option_no, count(*) from answer group by 1, 2, 3, 4, 5",
        "select account_id, project_id, day, widget_id, option_no, count from widget_day where count <> 0",
    ),
    "project_day": (
        "select account_id, project_id, counted_on, count(*) from answer group by 1, 2, 3",
        "select account_id, project_id, day, count from project_day where count <> 0",
    ),
    "placement_window": (
        "select account_id, placement_id, days, option_no, sum(is_now), sum(is_before)"
        " from windowed group by 1, 2, 3, 4",
        "select account_id, placement_id, days, option_no, count, before"
        " from placement_window where count <> 0 or before <> 0",
    ),
    "widget_window": (
        "select account_id, project_id, days, widget_id, option_no, sum(is_now), sum(is_before)"
        " from windowed group by 1, 2, 3, 4, 5",
        "select account_id, project_id, days, widget_id, option_no, count, before"
        " from widget_window where count <> 0 or before <> 0",
    ),
    "placement_score": (
        "select account_id, placement_id, days, project_id, widget_id, sum(is_now), sum(is_before),"
        " round(avg(weight) filter (where is_now = 1), 9), round(avg(number) filter (where is_now = 1), 9)"
        " from windowed group by 1, 2, 3, 4, 5",
        "select account_id, placement_id, days, project_id, widget_id, total, before,"
        " round(sentiment::numeric, 9), round(average::numeric, 9) from placement_score",
    ),
    "period": (
        "select account_id, scope_id, unit, starts_on, scope, total, lag from lagged",
        "select account_id, scope_id, unit, starts_on, scope, total, before from period",
    ),
    "period of a page, by option": (
        "select account_id, placement_id, unit, starts_on, option_no, count(*) from closed group by 1, 2, 3, 4, 5",
        "select account_id, scope_id, unit, starts_on, option_no, n from period"
        " cross join unnest(option_nos, counts) as u (option_no, n) where scope = 'placement'",
    ),
    "placements": (
        "select account_id, widget_id, count(*) from placement group by 1, 2",
        "select account_id, id, placements from widget where placements <> 0",
    ),
}
WITH = """
    with answer as (
        select f.*, s.project_id, o.weight::numeric as weight,
            case when s.type in ('rating', 'nps') then o.value::numeric end as number
        from response as f
        join widget as s on s.id = f.widget_id
        join option as o on o.widget_id = s.id and o.no = f.option_no
    ), windowed as (
        select t.*, w.days, (counted_on > through - days)::int as is_now,
            (counted_on <= through - days)::int as is_before
        from answer as t
        join project_roll as r on r.project_id = t.project_id
        cross join (values (7), (30), (90), (365)) as w (days)
        where counted_on <= through and counted_on > through - 2 * days
    ), closed as (
        select t.*, c.unit, date_trunc(c.unit, t.counted_on)::date as starts_on
        from answer as t
        join period_close as c on c.project_id = t.project_id
        where date_trunc(c.unit, t.counted_on) <= c.starts_on
    ), scoped as (
        select account_id, placement_id as scope_id, unit, starts_on, 'placement' as scope from closed
        union all select account_id, widget_id, unit, starts_on, 'widget' from closed
        union all select account_id, project_id, unit, starts_on, 'project' from closed
    ), grouped as (
        select account_id, scope_id, unit, starts_on, scope, count(*) as total from scoped group by 1, 2, 3, 4, 5
    ), lagged as (
        select g.*, b.total as lag from grouped as g left join grouped as b
            on b.scope_id = g.scope_id and b.unit = g.unit
            and b.starts_on = (g.starts_on - ('1 ' || g.unit)::interval)::date
    )
"""


def differences(world: World) -> dict[str, list[object]]:
    """Differences between aggregates and rows, by aggregate."""
    faults: dict[str, list[object]] = {}
    for name, (actual, aggregate) in DIFFERENCES.items():
        rows = world.ask(
            f"{WITH}, a as ({actual}), c as ({aggregate})"
            " (select 'rows', * from a except all select 'rows', * from c)"
            " union all (select 'aggregate', * from c except all select 'aggregate', * from a)"
        )
        if rows:
            faults[name] = list(rows)
    return faults
