create function fn.hour_counts(
    _account_id uuid, _project_id uuid, _placement_ids uuid[], _start timestamptz, _end timestamptz,
    _start_before timestamptz, _elapsed interval, _day date, _day_before date, _has_moved boolean
) returns table (widget_id uuid, option_no smallint, part integer, count bigint, compared bigint, before bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _parts integer := greatest((extract(epoch from _end - _start) / 3600)::integer, 1);
    -- A day counts what was counted on it, in a zone that may have been another one then.
    _margin interval := case when _has_moved then interval '26 hours' else interval '1 minute' end;
begin
    return query
    with side as materialized (
        select s.is_before, s.start, s.day,
            -- Here, as it is called for each row where the planner does not look for the index.
            fn.uuid_floor(s.start - _margin) as low_id,
            fn.uuid_floor(s.start + (_end - _start) + interval '1 hour' + _margin) as high_id
        from (values (false, _start, _day), (true, _start_before, _day_before)) as s (is_before, start, day)
    )
    select w.id, f.option_no, f.part, sum(f.count) filter (where not s.is_before)::bigint,
        sum(f.elapsed) filter (where not s.is_before)::bigint, sum(f.elapsed) filter (where s.is_before)::bigint
    from side as s
    -- One side after the other, each by the ids of its time: the index leads to them.
    cross join lateral (
        select r.widget_id, r.option_no,
            least(greatest(floor(extract(epoch from r.created_at - s.start) / 3600)::integer, 0), _parts - 1) as part,
            count(*) as count, count(*) filter (where r.created_at < s.start + _elapsed) as elapsed
        from public.response as r
        where r.account_id = _account_id and r.id >= s.low_id and r.id < s.high_id
            and case
                when s.day is null then
                    r.counted_on is not null and r.created_at >= s.start and r.created_at < s.start + (_end - _start)
                else r.counted_on = s.day
            end
            and (_placement_ids is null or r.placement_id = any (_placement_ids))
        group by 1, 2, 3
    ) as f
    join public.widget as w on w.account_id = _account_id and w.id = f.widget_id and w.project_id = _project_id
    group by w.id, f.option_no, f.part;
end;
$$;

comment on function fn.hour_counts is
'As fn.widget_counts, by hour and from responses: from _start to before _end, and as long from _start_before, of which the first
_elapsed are compared; or all that was counted on _day and on _day_before, where they are given. Reads the responses of two days.';
