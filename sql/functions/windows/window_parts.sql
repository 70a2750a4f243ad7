create function fn.window_parts(
    _account_id uuid, _project_ids uuid[], _zone text, _froms date[], _tos date[], _until timestamptz, _has_moved boolean,
    _compare text default 'previous'
) returns table (
    n integer, project_id uuid, widget_id uuid, placement_id uuid, option_no smallint, compared bigint, before bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_sort = on -- also for fn.day_counts, so that the plan does not depend on who was the first to ask
as $$
#variable_conflict use_column
begin
    return query
    with span as materialized (
        select w.n::integer as n, s.*
        from unnest(_froms, _tos) with ordinality as w (first, last, n)
        cross join lateral fn.window_spans(_zone, w.first, w.last, _until, _has_moved, _compare) as s
        where not s.is_whole
    ), range as materialized (
        -- Windows that end on the same day are cut in it at the same time: its responses are read once.
        select s.low, s.high, s.first_day, s.last_day,
            -- Here, as it is called for each row where the planner does not look for the index.
            fn.uuid_floor(s.low - interval '1 minute') as low_id, fn.uuid_floor(s.high + interval '1 minute') as high_id
        from (select distinct s.low, s.high, s.first_day, s.last_day from span as s) as s
    ), counted as (
        select r.low, r.high, r.first_day, r.last_day, s.project_id, f.*
        from range as r
        cross join lateral (
            select f.widget_id, f.placement_id, f.option_no, count(*) as count
            from public.response as f
            -- By the id, which is of the same time: the index leads to it.
            where f.account_id = _account_id and f.id >= r.low_id and f.id < r.high_id
                and f.created_at >= r.low and f.created_at < r.high and f.counted_on between r.first_day and r.last_day
            group by f.widget_id, f.placement_id, f.option_no
        ) as f
        join public.widget as s on s.account_id = _account_id and s.id = f.widget_id
        join public.project as p on p.account_id = _account_id and p.id = s.project_id
        where p.id = any (_project_ids) and (p.retained_from is null or r.last_day >= p.retained_from)
    )
    select s.n, c.project_id, c.widget_id, c.placement_id, c.option_no,
        coalesce(sum(s.sign * c.count) filter (where not s.is_before), 0)::bigint,
        coalesce(sum(s.sign * c.count) filter (where s.is_before), 0)::bigint
    from span as s
    join counted as c using (low, high, first_day, last_day)
    group by s.n, c.project_id, c.widget_id, c.placement_id, c.option_no;
    -- Of whole days the tally is enough. Of a day whose responses are deleted, it is all that is left: its hours count evenly.
    return query
    with span as materialized (
        -- Once: the planner would call it for each row of a tally.
        select w.n::integer as n, k.*,
            extract(epoch from fn.day_start(k.last_day + 1, _zone) - fn.day_start(k.last_day, _zone)) as day_seconds
        from unnest(_froms, _tos) with ordinality as w (first, last, n)
        cross join lateral fn.window_spans(_zone, w.first, w.last, _until, false, _compare) as k
    )
    select e.n, e.project_id, e.widget_id, e.placement_id, e.option_no,
        coalesce(sum(e.count) filter (where not e.is_before), 0)::bigint,
        coalesce(sum(e.count) filter (where e.is_before), 0)::bigint
    from (
        select k.n, p.id as project_id, s.id as widget_id, t.placement_id, t.option_no, k.is_before,
            k.sign * case
                when k.is_whole then t.count
                else floor(t.count * extract(epoch from k.high - k.low) / k.day_seconds)
            end as count
        from span as k
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
