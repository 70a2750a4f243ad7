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
    select f.widget_id, f.option_no,
        least(greatest(floor(extract(epoch from f.created_at - s.start) / 3600)::integer, 0), _parts - 1) as part,
        count(*) filter (where not s.is_before),
        count(*) filter (where not s.is_before and f.created_at < s.start + _elapsed),
        count(*) filter (where s.is_before and f.created_at < s.start + _elapsed)
    from (values (false, _start, _day), (true, _start_before, _day_before)) as s (is_before, start, day)
    join public.response as f
        on f.account_id = _account_id and f.id >= fn.uuid_floor(s.start - _margin)
        and f.id < fn.uuid_floor(s.start + (_end - _start) + interval '1 hour' + _margin)
        and case
            when s.day is null then
                f.counted_on is not null and f.created_at >= s.start and f.created_at < s.start + (_end - _start)
            else f.counted_on = s.day
        end
    join public.widget as w on w.account_id = f.account_id and w.id = f.widget_id and w.project_id = _project_id
    where _placement_ids is null or f.placement_id = any (_placement_ids)
    group by 1, 2, 3;
end;
$$;

comment on function fn.hour_counts is
'As fn.widget_counts, by hour and from responses: from _start to before _end, and as long from _start_before, of which the first
_elapsed are compared; or all that was counted on _day and on _day_before, where they are given. Reads the responses of two days.';
