create function fn.reason_hours(
    _account_id uuid, _widget_ids uuid[], _placement_ids uuid[], _start timestamptz, _end timestamptz,
    _start_before timestamptz, _elapsed interval, _day date, _day_before date, _has_moved boolean
) returns table (
    widget_id uuid, placement_id uuid, reason_no smallint, part integer, count bigint, compared bigint, before bigint
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _parts integer := greatest((extract(epoch from _end - _start) / 3600)::integer, 1);
    -- As in fn.hour_counts.
    _margin interval := case when _has_moved then interval '26 hours' else interval '1 minute' end;
begin
    return query
    with side as materialized (
        select s.is_before, s.start, s.day, fn.uuid_floor(s.start - _margin) as low_id,
            fn.uuid_floor(s.start + (_end - _start) + interval '1 hour' + _margin) as high_id
        from (values (false, _start, _day), (true, _start_before, _day_before)) as s (is_before, start, day)
    )
    select f.widget_id, f.placement_id, f.reason_no, f.part,
        coalesce(sum(f.count) filter (where not s.is_before), 0)::bigint,
        coalesce(sum(f.elapsed) filter (where not s.is_before), 0)::bigint,
        coalesce(sum(f.elapsed) filter (where s.is_before), 0)::bigint
    from side as s
    cross join lateral (
        select r.widget_id, r.placement_id, n.no as reason_no,
            least(greatest(floor(extract(epoch from r.created_at - s.start) / 3600)::integer, 0), _parts - 1) as part,
            count(*) as count, count(*) filter (where r.created_at < s.start + _elapsed) as elapsed
        from public.response as r
        cross join lateral unnest(r.reason_nos) as n (no)
        where r.account_id = _account_id and r.id >= s.low_id and r.id < s.high_id and r.reason_nos is not null
            and r.widget_id = any (_widget_ids)
            and case
                when s.day is null then
                    r.counted_on is not null and r.created_at >= s.start and r.created_at < s.start + (_end - _start)
                else r.counted_on = s.day
            end
            and (_placement_ids is null or r.placement_id = any (_placement_ids))
        group by 1, 2, 3, 4
    ) as f
    group by f.widget_id, f.placement_id, f.reason_no, f.part;
end;
$$;

comment on function fn.reason_hours is
'As fn.hour_counts, the mentions of reasons of some widgets, by placement.';
