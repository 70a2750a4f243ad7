create function fn.widget_counts(
    _account_id uuid, _project_id uuid, _days smallint, _from date, _to date, _parts integer,
    _compare text default 'previous', _placement_ids uuid[] default null, _is_hourly boolean default false
) returns table (widget_id uuid, option_no smallint, part integer, count bigint, compared bigint, before bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _shift integer := fn.comparison_days(_to - _from + 1, _compare);
    _roll record;
    _start timestamptz;
    _start_before timestamptz;
    _end timestamptz;
begin
    select r.through, r.counted_until, r.has_moved, p.time_zone into _roll
    from public.project as p
    join public.project_roll as r on r.account_id = _account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id;
    if _days = 1 and _placement_ids is null then
        return query
        select h.widget_id, h.option_no,
            mod(47 - (extract(epoch from _roll.counted_until - interval '1 hour' - h.hour) / 3600)::integer, 24),
            sum(h.count) filter (where h.hour >= _roll.counted_until - interval '24 hours')::bigint,
            sum(h.count) filter (where h.hour >= _roll.counted_until - interval '24 hours')::bigint,
            sum(h.count) filter (where h.hour < _roll.counted_until - interval '24 hours')::bigint
        from public.widget_hour as h
        where h.account_id = _account_id and h.project_id = _project_id
            and h.hour >= _roll.counted_until - interval '48 hours' and h.hour < _roll.counted_until
        group by 1, 2, 3;
    elsif _days = 1 then
        return query
        select * from fn.hour_counts(
            _account_id, _project_id, _placement_ids, _roll.counted_until - interval '24 hours', _roll.counted_until,
            _roll.counted_until - interval '48 hours', interval '24 hours', null, null, false
        );
    elsif _is_hourly then
        _start := fn.day_start(_from, _roll.time_zone);
        _end := fn.day_start(_from + 1, _roll.time_zone);
        _start_before := fn.day_start(_from - _shift, _roll.time_zone);
        return query
        select * from fn.hour_counts(
            _account_id, _project_id, _placement_ids, _start, _end, _start_before,
            -- As fn.window_spans.
            greatest(interval '0', least(
                _roll.counted_until - _start, _end - _start,
                fn.day_start(_from - _shift + 1, _roll.time_zone) - _start_before
            )),
            _from, _from - _shift, _roll.has_moved
        );
    else
        return query
        select * from fn.day_counts(
            _account_id, _project_id, _from, _to, _parts, _compare, _placement_ids, _roll.time_zone, _roll.through,
            _roll.counted_until, _roll.has_moved
        );
    end if;
end;
$$;

comment on function fn.widget_counts is
'Responses of each widget of a project, or of some placements only, by option and by part of a window: the last 24 full hours
(_days 1) or the day _from (_is_hourly) by hour, otherwise the days from _from to _to divided evenly into _parts, counted from 0.
Each with what is compared and with that of the same part of the comparison (fn.window_spans). Add up all rows of a part.';
