create function fn.reason_counts(
    _account_id uuid, _project_id uuid, _days smallint, _from date, _to date, _parts integer, _compare text,
    _placement_ids uuid[], _is_hourly boolean, _widget_id uuid, _option text default '', _reason text default ''
) returns table (
    widget_id uuid, placement_id uuid, option_no smallint, reason_no smallint, part integer, count bigint,
    compared bigint, before bigint
)
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
    _widget_ids uuid[] := array(
        select distinct r.widget_id
        from public.reason as r
        join public.widget as s on s.account_id = _account_id and s.id = r.widget_id
        where r.account_id = _account_id and s.project_id = _project_id and (_widget_id is null or s.id = _widget_id)
    );
begin
    if _widget_ids = '{}' then  -- most projects give no reasons, and pay nothing
        return;
    end if;
    select r.counted_until, r.has_moved, p.time_zone, p.retained_from into _roll
    from public.project as p
    join public.project_roll as r on r.account_id = _account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id;
    if _days = 1 then
        return query
        select r.widget_id, k.placement_id, r.option_no, r.no, k.part, k.count, k.compared, k.before
        from fn.reason_hours(
            _account_id, _widget_ids, _placement_ids, _roll.counted_until - interval '24 hours', _roll.counted_until,
            _roll.counted_until - interval '48 hours', interval '24 hours', null, null, false
        ) as k
        join fn.named_reasons(_account_id, _widget_ids, _option, _reason) as r
            on r.widget_id = k.widget_id and r.no = k.reason_no;
    elsif _is_hourly then
        _start := fn.day_start(_from, _roll.time_zone);
        _start_before := fn.day_start(_from - _shift, _roll.time_zone);
        return query
        select r.widget_id, k.placement_id, r.option_no, r.no, k.part, k.count, k.compared, k.before
        from fn.reason_hours(
            _account_id, _widget_ids, _placement_ids, _start, fn.day_start(_from + 1, _roll.time_zone), _start_before,
            greatest(interval '0', least(
                _roll.counted_until - _start, fn.day_start(_from + 1, _roll.time_zone) - _start,
                fn.day_start(_from - _shift + 1, _roll.time_zone) - _start_before
            )),
            _from, _from - _shift, _roll.has_moved
        ) as k
        join fn.named_reasons(_account_id, _widget_ids, _option, _reason) as r
            on r.widget_id = k.widget_id and r.no = k.reason_no;
    else
        return query
        select r.widget_id, k.placement_id, r.option_no, r.no, k.part, k.count, k.compared, k.before
        from fn.reason_days(
            _account_id, _widget_ids, _placement_ids, _from, _to, _parts, _compare, _roll.time_zone, _roll.counted_until,
            _roll.has_moved, _roll.retained_from
        ) as k
        join fn.named_reasons(_account_id, _widget_ids, _option, _reason) as r
            on r.widget_id = k.widget_id and r.no = k.reason_no;
    end if;
end;
$$;

comment on function fn.reason_counts is
'Mentions of the reasons of a project, or of a widget, of an option and of a reason by their values, as fn.widget_counts counts
responses: with what is compared and with those of the comparison, by placement and part of a window. Add up all rows of a part.';
