create function fn.window_parts(
    _account_id uuid, _project_ids uuid[], _zone text, _froms date[], _tos date[], _until timestamptz, _has_moved boolean
) returns table (
    n integer, project_id uuid, widget_id uuid, placement_id uuid, option_no smallint, compared bigint, before bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    with span as materialized (
        select w.n::integer as n, s.*
        from unnest(_froms, _tos) with ordinality as w (first, last, n)
        cross join lateral fn.window_spans(_zone, w.first, w.last, _until, _has_moved) as s
    ), part as (
        select s.n, s.is_before, f.widget_id, f.placement_id, f.option_no, s.sign * f.count as count, s.last_day
        from span as s
        cross join lateral (
            select f.widget_id, f.placement_id, f.option_no, count(*) as count
            from public.response as f
            -- By the id, which is of the same time: the index leads to it.
            where f.account_id = _account_id and f.id >= fn.uuid_floor(s.low - interval '1 minute')
                and f.id < fn.uuid_floor(s.high + interval '1 minute')
                and f.created_at >= s.low and f.created_at < s.high and f.counted_on between s.first_day and s.last_day
            group by f.widget_id, f.placement_id, f.option_no
        ) as f
        where not s.is_whole
    )
    select a.n, p.id, a.widget_id, a.placement_id, a.option_no,
        coalesce(sum(a.count) filter (where not a.is_before), 0)::bigint,
        coalesce(sum(a.count) filter (where a.is_before), 0)::bigint
    from part as a
    join public.widget as s on s.account_id = _account_id and s.id = a.widget_id
    join public.project as p on p.account_id = _account_id and p.id = s.project_id
    where p.id = any (_project_ids) and (p.retained_from is null or a.last_day >= p.retained_from)
    group by a.n, p.id, a.widget_id, a.placement_id, a.option_no;
    -- Of whole days the tally is enough. Of a day whose responses are deleted, it is all that is left: its hours count evenly.
    return query
    select e.n, e.project_id, e.widget_id, e.placement_id, e.option_no,
        coalesce(sum(e.count) filter (where not e.is_before), 0)::bigint,
        coalesce(sum(e.count) filter (where e.is_before), 0)::bigint
    from (
        select w.n::integer as n, p.id as project_id, s.id as widget_id, t.placement_id, t.option_no, k.is_before,
            k.sign * case
                when k.is_whole then t.count
                else floor(
                    t.count * extract(epoch from k.high - k.low)
                    / extract(epoch from fn.day_start(k.last_day + 1, _zone) - fn.day_start(k.last_day, _zone))
                )
            end as count
        from unnest(_froms, _tos) with ordinality as w (first, last, n)
        cross join lateral fn.window_spans(_zone, w.first, w.last, _until, false) as k
        join public.project as p
            on p.account_id = _account_id and p.id = any (_project_ids) and (k.is_whole or p.retained_from > k.last_day)
        join public.widget as s on s.account_id = _account_id and s.project_id = p.id
        join public.placement as c on c.account_id = _account_id and c.widget_id = s.id
        join public.tally_day as t
            on t.account_id = _account_id and t.placement_id = c.id and t.day = k.last_day and t.count <> 0
    ) as e
    group by e.n, e.project_id, e.widget_id, e.placement_id, e.option_no;
end;
$$;

comment on function fn.window_parts is
'What the days in which windows are cut add to them and to their comparisons (fn.window_spans), by placement and option: of
projects that have one zone, and windows of the days from _froms to _tos, by their position n. Reads the responses of those days
only.';
