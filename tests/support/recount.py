"""Every aggregate, recomputed by plain SQL from the rows, and the differences."""

from datetime import UTC, date, datetime, timedelta

from tests.support.sql_world import World, local

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

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
    "reason_tally": (
        "select account_id, placement_id, no, count(*) from response, unnest(reason_nos) as r (no)"
        " where counted_on is not null group by 1, 2, 3",
        "select account_id, placement_id, reason_no, count from reason_tally where count <> 0",
    ),
    "reason_tally_day": (
        "select account_id, placement_id, counted_on, no, count(*) from response, unnest(reason_nos) as r (no)"
        " where counted_on is not null group by 1, 2, 3, 4",
        "select account_id, placement_id, day, reason_no, count from reason_tally_day where count <> 0",
    ),
    "widget_day": (
        "select account_id, project_id, counted_on, widget_id, option_no, sum(n) from answer group by 1, 2, 3, 4, 5",
        "select account_id, project_id, day, widget_id, option_no, count from widget_day where count <> 0",
    ),
    "project_day": (
        "select account_id, project_id, counted_on, sum(n) from answer group by 1, 2, 3",
        "select account_id, project_id, day, count from project_day where count <> 0",
    ),
    "placement_window": (
        "select account_id, placement_id, days, option_no, sum(is_now), sum(is_compared), sum(is_before)"
        " from windowed group by 1, 2, 3, 4 having sum(is_now + is_compared + is_before) > 0",
        "select account_id, placement_id, days, option_no, count, compared, before"
        " from placement_window where count <> 0 or compared <> 0 or before <> 0",
    ),
    "widget_window": (
        "select account_id, project_id, days, widget_id, option_no, sum(is_now), sum(is_compared), sum(is_before)"
        " from windowed group by 1, 2, 3, 4, 5 having sum(is_now + is_compared + is_before) > 0",
        "select account_id, project_id, days, widget_id, option_no, count, compared, before"
        " from widget_window where count <> 0 or compared <> 0 or before <> 0",
    ),
    "widget_hour": (
        "select account_id, project_id, date_trunc('hour', created_at, 'UTC'), widget_id, option_no, sum(n)"
        " from windowed where days = 1 and is_now + is_before > 0 group by 1, 2, 3, 4, 5",
        "select account_id, project_id, hour, widget_id, option_no, count from widget_hour",
    ),
    "placement_score": (
        "select account_id, placement_id, days, project_id, widget_id, sum(is_now), sum(is_compared), sum(is_before),"
        " round(sum(is_now * weight) / nullif(sum(is_now) filter (where weight is not null), 0), 9),"
        " round(sum(is_now * number) / nullif(sum(is_now) filter (where number is not null), 0), 9),"
        " round(100.0 * sum(is_now * nps) / nullif(sum(is_now) filter (where nps is not null), 0), 6),"
        " round(coalesce(1.0 * sum(is_now) filter (where weight > 0), 0)"
        " / nullif(sum(is_now) filter (where weight is not null), 0), 9)"
        " from windowed group by 1, 2, 3, 4, 5 having sum(is_now + is_compared + is_before) > 0",
        "select account_id, placement_id, days, project_id, widget_id, total, compared, before,"
        " round(sentiment::numeric, 9), round(average::numeric, 9), round(nps::numeric, 6), round(positive::numeric, 9)"
        " from placement_score where total <> 0 or compared <> 0 or before <> 0",
    ),
    "page_score": (
        "select w.account_id, c.page_id, w.days, w.project_id, sum(is_now), sum(is_compared), sum(is_before),"
        " coalesce(sum(is_now) filter (where weight is not null), 0),"
        " coalesce(sum(is_now) filter (where weight < 0), 0),"
        " round(coalesce(sum(is_now * weight), 0), 6)"
        " from windowed as w join placement as c on c.account_id = w.account_id and c.id = w.placement_id"
        " group by 1, 2, 3, 4"
        " having sum(is_now + is_compared + is_before) > 0",
        "select account_id, page_id, days, project_id, total, compared, before, judged, unhappy,"
        " round(coalesce(weighted, 0)::numeric, 6)"
        " from page_score where total <> 0 or compared <> 0 or before <> 0",
    ),
    "mentions in windows": (
        "select account_id, placement_id, days, no, sum(is_now), sum(is_compared), sum(is_before)"
        " from windowed cross join unnest(reason_nos) as r (no) group by 1, 2, 3, 4"
        " having sum(is_now + is_compared + is_before) > 0",
        "select p.account_id, k.placement_id, d.days, k.reason_no, sum(k.count), sum(k.compared), sum(k.before)"
        " from project_roll as p cross join (values (1), (7), (30), (90), (365)) as d (days)"
        " cross join fn.reason_counts(p.account_id, p.project_id, d.days::smallint, p.through - d.days + 1, p.through,"
        " 1, 'previous', null, false, null) as k group by 1, 2, 3, 4 having sum(k.count + k.compared + k.before) > 0",
    ),
    "mentions in periods": (
        "select account_id, placement_id, unit, starts_on, no, sum(n)"
        " from closed cross join unnest(reason_nos) as r (no) group by 1, 2, 3, 4, 5",
        "select d.account_id, d.scope_id, d.unit, d.starts_on, k.reason_no, k.count from period as d"
        " join placement as c on c.account_id = d.account_id and c.id = d.scope_id"
        " cross join fn.period_reasons(d.account_id, c.widget_id, c.id, d.unit, d.starts_on) as k"
        " where d.scope = 'placement' and k.count > 0",
    ),
    "period": (
        "select account_id, scope_id, unit, starts_on, scope, total, lag from lagged",
        "select account_id, scope_id, unit, starts_on, scope, total, before from period",
    ),
    "period of a page, by option": (
        "select account_id, placement_id, unit, starts_on, option_no, sum(n) from closed group by 1, 2, 3, 4, 5",
        "select account_id, scope_id, unit, starts_on, option_no, n from period"
        " cross join unnest(option_nos, counts) as u (option_no, n) where scope = 'placement'",
    ),
    "placements": (
        "select account_id, widget_id, count(*) from placement group by 1, 2",
        "select account_id, id, placements from widget where placements <> 0",
    ),
}
# Responses of one moment as far as any window can tell: all between two of the moments at which one is cut.
ANSWER = """
    create temp table answer as
    select f.*, s.project_id,
        case when s.type not in ('pulse', 'message', 'form') then o.weight::numeric end as weight,
        case when s.type in ('rating', 'nps') then o.value::numeric end as number,
        case when s.type = 'nps' then
            case when o.value in ('9', '10') then 1 when o.value in ('7', '8') then 0 else -1 end
        end as nps
    from (
        select account_id, widget_id, placement_id, option_no, counted_on, reason_nos, min(created_at) as created_at,
            count(*) as n
        from response
        group by 1, 2, 3, 4, 5, 6, width_bucket(created_at, %s::timestamptz[])
    ) as f
    join widget as s on s.account_id = f.account_id and s.id = f.widget_id
    join option as o on o.account_id = s.account_id and o.widget_id = s.id and o.no = f.option_no
"""
WITH = """
    with bound (
        project_id, days, first, last, since, until, first_before, last_before, since_before, until_before
    ) as (
        select * from unnest(
            %s::uuid[], %s::int[], %s::date[], %s::date[], %s::timestamptz[], %s::timestamptz[],
            %s::date[], %s::date[], %s::timestamptz[], %s::timestamptz[]
        )
    ), windowed as (
        select t.*, b.days,
            (
                counted_on between b.first and b.last
                and (b.days > 1 or created_at >= b.since and created_at < b.until)
            )::int * n as is_now,
            (
                counted_on between b.first and b.last and created_at >= b.since and created_at < b.until
            )::int * n as is_compared,
            (
                counted_on between b.first_before and b.last_before and created_at >= b.since_before
                and created_at < b.until_before
            )::int * n as is_before
        from answer as t
        join bound as b on b.project_id = t.project_id and t.counted_on between b.first_before and b.last
    ), closed as (
        select t.*, c.unit, date_trunc(c.unit, t.counted_on)::date as starts_on
        from answer as t
        join period_close as c on c.project_id = t.project_id
        where date_trunc(c.unit, t.counted_on) <= c.starts_on
    ), scoped as (
        select account_id, placement_id as scope_id, unit, starts_on, 'placement' as scope, n from closed
        union all select account_id, widget_id, unit, starts_on, 'widget', n from closed
        union all select account_id, project_id, unit, starts_on, 'project', n from closed
    ), grouped as (
        select account_id, scope_id, unit, starts_on, scope, sum(n) as total from scoped group by 1, 2, 3, 4, 5
    ), lagged as (
        select g.*, b.total as lag from grouped as g left join grouped as b
            on b.scope_id = g.scope_id and b.unit = g.unit
            and b.starts_on = (g.starts_on - ('1 ' || g.unit)::interval)::date
    )
"""


# Postgres' and Python's ranges differ: these stand for no bound.
EVER, NEVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(2900, 1, 1, tzinfo=UTC)


def compared(zone: str, through: date, days: int, until: datetime) -> tuple[date, date, datetime, datetime]:
    """The comparison of the last `days`, cut at the full hour `until`: its first and last day, and the two cuts.

    Both sides last from the midnight at which they begin until the cut, as long as each other.
    """
    first, back = through - (days - 1) * DAY, -(-days // 7) * 7 if days >= 30 else days
    start, start_before, end_before = (
        local(str(day), zone) for day in (first, first - back * DAY, through - (back - 1) * DAY)
    )
    lasts = min(until - start, end_before - start_before, local(str(through + DAY), zone) - start)
    return first - back * DAY, through - back * DAY, start + lasts, start_before + lasts


def bounds(world: World) -> list[tuple[object, ...]]:
    """The windows of each project: days and moments from which and until which responses count in it and before it."""
    rows: list[tuple[object, ...]] = []
    for id, zone, through, until in world.ask("select project_id, time_zone, through, counted_until from project_roll"):
        rows.append((
            id, 1, date(1900, 1, 1), date(2900, 1, 1), until - DAY, until,
            date(1900, 1, 1), date(2900, 1, 1), until - 2 * DAY, until - DAY,
        ))  # fmt: skip
        for days in (7, 30, 90, 365):
            first, last, cut, cut_before = compared(zone, through, days, until)
            ends = (local(str(day + DAY), zone) for day in (through, last))
            cuts = (NEVER if at == end else at for at, end in zip((cut, cut_before), ends, strict=True))
            rows.append((
                id, days, through - (days - 1) * DAY, through, EVER, next(cuts), first, last, EVER, next(cuts),
            ))  # fmt: skip
    return rows


def differences(world: World) -> dict[str, list[object]]:
    """Differences between aggregates and rows, by aggregate."""
    world.cut()
    faults: dict[str, list[object]] = {}
    rows = bounds(world)
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(10)]
    moments = {each for row in rows for each in row if isinstance(each, datetime)}
    moments |= {row[5] - n * HOUR for row in rows if row[1] == 1 for n in range(48)}  # type: ignore[operator]
    world.ask("drop table if exists answer")
    world.ask(ANSWER, sorted(moments))
    for name, (actual, aggregate) in DIFFERENCES.items():
        wrong = world.ask(
            f"{WITH}, a as ({actual}), c as ({aggregate})"
            " (select 'rows', * from a except all select 'rows', * from c)"
            " union all (select 'aggregate', * from c except all select 'aggregate', * from a)",
            *columns,
        )
        if wrong:
            faults[name] = list(wrong)
    return faults
