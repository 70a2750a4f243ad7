-- Called by app as account.
-- Any member may read this: row-level security decides, not fn.allow.
create function fn.project_window(
    _account_id uuid, _project_id uuid, _days smallint, _from date default null, _to date default null,
    _now timestamptz default now()
) returns table (
    from_day date, to_day date, responses bigint, before bigint, messages bigint, messages_before bigint,
    sentiment double precision, sentiment_before double precision, trend_json text, widgets_json text, leaders_json text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _zone text;
    _parts integer;
    _starts timestamp[];
begin
    -- Windows end where the roll-up has brought them, which is today but for a scheduler that stands still.
    select p.time_zone, coalesce(_to, r.through, (_now at time zone p.time_zone)::date) into _zone, _to
    from public.project as p
    left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id;
    if not found then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    _from := coalesce(_from, _to - _days + 1);
    _starts := fn.window_starts(_days, _from, _to, _zone, _now);
    _parts := cardinality(_starts) - 1;
    return query
    with counted as materialized (
        select c.widget_id, c.option_no, c.part, coalesce(c.count, 0) as count, coalesce(c.before, 0) as before
        from fn.widget_counts(_account_id, _project_id, _days, _from, _to, _parts, _now) as c
    ), parts as (
        select widget_id, part, sum(count)::bigint as count, sum(before)::bigint as before
        from counted group by widget_id, part
    ), options as (
        select widget_id, option_no, sum(count) as count, sum(before) as before
        from counted group by widget_id, option_no
    ), widgets as (
        select s.id, s.name, s.type, s.placements, s.created_at,
            coalesce(sum(k.count), 0) as responses, coalesce(sum(k.before), 0) as before,
            w.is_judging, w.has_text,
            sum(k.count * o.weight) as weighed, sum(k.before * o.weight) as weighed_before,
            sum(k.count * case when w.is_numeric then o.value::double precision end)
                / nullif(sum(k.count), 0) as average,
            json_agg(
                json_build_object(
                    'value', o.value, 'label', o.label, 'icon', o.icon, 'weight', o.weight, 'count', coalesce(k.count, 0)
                ) order by o.position
            ) filter (where o.retired_at is null or k.count > 0) as options
        from public.widget as s
        join fn.widget_type as w on w.name = s.type
        join public.option as o on o.account_id = s.account_id and o.widget_id = s.id
        left join options as k on k.widget_id = s.id and k.option_no = o.no
        where s.account_id = _account_id and s.project_id = _project_id
        group by s.id, s.name, s.type, s.placements, s.created_at, w.is_judging, w.has_text
    ), trends as (
        select s.id, array_agg(coalesce(p.count, 0) order by n.n) as responses, array_agg(coalesce(p.before, 0) order by n.n) as before
        from widgets as s
        cross join generate_series(0, _parts - 1) as n (n)
        left join parts as p on p.widget_id = s.id and p.part = n.n
        group by s.id
    )
    select _from, _to, coalesce(sum(s.responses), 0)::bigint, coalesce(sum(s.before), 0)::bigint,
        coalesce(sum(s.responses) filter (where s.has_text), 0)::bigint,
        coalesce(sum(s.before) filter (where s.has_text), 0)::bigint,
        sum(s.weighed) filter (where s.is_judging) / nullif(sum(s.responses) filter (where s.is_judging), 0)::double precision,
        sum(s.weighed_before) filter (where s.is_judging)
            / nullif(sum(s.before) filter (where s.is_judging), 0)::double precision,
        json_build_object('unit', case when _days = 1 then 'hour' else 'day' end, 'starts', _starts)::text,
        coalesce(json_agg(
            json_build_object(
                'id', s.id, 'name', s.name, 'type', s.type, 'placements', s.placements, 'responses', s.responses,
                'before', s.before, 'weighed', s.weighed, 'average', s.average, 'options', s.options,
                'trend', json_build_object('responses', t.responses, 'before', t.before)
            ) order by s.created_at, s.id
        ), '[]')::text,
        fn.project_leaders(_account_id, _project_id, _days)::text
    from widgets as s
    join trends as t on t.id = s.id;
end;
$$;

comment on function fn.project_window is
'A window of a project: the last 24 hours (_days 1), the last _days days, or the days from _from to _to in its zone, with as
many before. Totals; sentiment of the widgets that have one; as JSON the starts of the trend''s parts, the widgets with counts
by option and part (now and before), and the leaders. Reads counts, never responses. FB404.';
