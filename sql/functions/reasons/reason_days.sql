create function fn.reason_days(
    _account_id uuid, _widget_ids uuid[], _placement_ids uuid[], _from date, _to date, _parts integer, _compare text,
    _zone text, _until timestamptz, _has_moved boolean, _retained_from date
) returns table (
    widget_id uuid, placement_id uuid, reason_no smallint, part integer, count bigint, compared bigint, before bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _span integer := _to - _from + 1;
    _shift integer := fn.comparison_days(_span, _compare);
    _is_whole boolean := fn.is_whole_window(_zone, _from, _to, _until, _compare);
begin
    -- Whole days, but for those in which the window and its comparison are cut.
    return query
    select c.widget_id, c.id, t.reason_no, (t.day - s.start) * _parts / _span,
        coalesce(sum(t.count) filter (where not s.is_before), 0)::bigint,
        coalesce(sum(t.count) filter (where not s.is_before and (_is_whole or t.day < _to)), 0)::bigint,
        coalesce(sum(t.count) filter (where s.is_before and (_is_whole or t.day < _to - _shift)), 0)::bigint
    from (values (false, _from), (true, _from - _shift)) as s (is_before, start)
    cross join public.placement as c
    join public.reason_tally_day as t
        on t.account_id = _account_id and t.placement_id = c.id and t.day between s.start and s.start + _span - 1
    where c.account_id = _account_id and c.widget_id = any (_widget_ids) and t.count > 0
        and (_placement_ids is null or c.id = any (_placement_ids))
    group by 1, 2, 3, 4;
    if _is_whole then
        return;
    end if;
    return query
    with span as materialized (
        select s.*, fn.uuid_floor(s.low - interval '1 minute') as low_id, fn.uuid_floor(s.high + interval '1 minute') as high_id
        from fn.window_spans(_zone, _from, _to, _until, _has_moved, _compare) as s
        where not s.is_whole and (_retained_from is null or s.last_day >= _retained_from)
    )
    select f.widget_id, f.placement_id, n.no, _parts - 1, 0::bigint,
        coalesce(sum(s.sign) filter (where not s.is_before), 0)::bigint,
        coalesce(sum(s.sign) filter (where s.is_before), 0)::bigint
    from span as s
    join public.response as f
        on f.account_id = _account_id and f.id >= s.low_id and f.id < s.high_id and f.reason_nos is not null
        and f.created_at >= s.low and f.created_at < s.high and f.counted_on between s.first_day and s.last_day
        and f.widget_id = any (_widget_ids) and (_placement_ids is null or f.placement_id = any (_placement_ids))
    cross join lateral unnest(f.reason_nos) as n (no)
    group by f.widget_id, f.placement_id, n.no;
    -- As in fn.window_parts: of whole days, and of days whose responses are deleted, the tallies.
    return query
    with span as materialized (
        select k.*, extract(epoch from fn.day_start(k.last_day + 1, _zone) - fn.day_start(k.last_day, _zone)) as day_seconds
        from fn.window_spans(_zone, _from, _to, _until, false, _compare) as k
        where k.is_whole or _retained_from > k.last_day
    ), part as (
        select k.is_before, c.widget_id, t.placement_id, t.reason_no,
            k.sign * case
                when k.is_whole then t.count
                else floor(t.count * extract(epoch from k.high - k.low) / k.day_seconds)
            end as count
        from span as k
        cross join public.placement as c
        join public.reason_tally_day as t
            on t.account_id = _account_id and t.placement_id = c.id and t.day = k.last_day and t.count > 0
        where c.account_id = _account_id and c.widget_id = any (_widget_ids)
            and (_placement_ids is null or c.id = any (_placement_ids))
    )
    select p.widget_id, p.placement_id, p.reason_no, _parts - 1, 0::bigint,
        coalesce(sum(p.count) filter (where not p.is_before), 0)::bigint,
        coalesce(sum(p.count) filter (where p.is_before), 0)::bigint
    from part as p
    group by p.widget_id, p.placement_id, p.reason_no;
end;
$$;

comment on function fn.reason_days is
'As fn.day_counts, the mentions of reasons of some widgets, by placement. Reads tallies of days, and the responses of those in
which the window and its comparison are cut.';
