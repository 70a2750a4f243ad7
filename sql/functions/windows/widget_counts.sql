create function fn.widget_counts(
    _account_id uuid, _project_id uuid, _days smallint, _from date, _to date, _parts integer
) returns table (widget_id uuid, option_no smallint, part integer, count bigint, compared bigint, before bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _span integer := _to - _from + 1;
    _shift integer := fn.comparison_days(_span);
    _roll record;
begin
    select r.through, r.counted_until, r.has_moved, p.time_zone into _roll
    from public.project as p
    join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
    where p.account_id = _account_id and p.id = _project_id;
    if _days = 1 then
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
        return;
    end if;
    -- Whole days, but for those in which the window and its comparison are cut.
    return query
    select t.widget_id, t.option_no,
        (t.day - case when t.day >= _from then _from else _from - _shift end) * _parts / _span,
        sum(t.count) filter (where t.day >= _from)::bigint,
        sum(t.count) filter (where t.day >= _from and t.day < _to)::bigint,
        sum(t.count) filter (where t.day < _to - _shift)::bigint
    from public.widget_day as t
    where t.account_id = _account_id and t.project_id = _project_id
        and (t.day between _from and _to or t.day between _from - _shift and _to - _shift)
    group by 1, 2, 3;
    if _to = _roll.through and exists (select from fn.window as w where w.days = _span) then
        return query
        select w.widget_id, w.option_no, _parts - 1, 0::bigint, w.compared_part, w.before_part
        from public.widget_window as w
        where w.account_id = _account_id and w.project_id = _project_id and w.days = _span
            and (w.compared_part <> 0 or w.before_part <> 0);
        return;
    end if;
    return query
    select k.widget_id, k.option_no, _parts - 1, 0::bigint, sum(k.compared)::bigint, sum(k.before)::bigint
    from fn.window_parts(
        _account_id, array[_project_id], _roll.time_zone, array[_from], array[_to], _roll.counted_until, _roll.has_moved
    ) as k
    group by k.widget_id, k.option_no;
end;
$$;

comment on function fn.widget_counts is
'Responses of each widget of a project, by option and by part of a window: the last 24 full hours (_days 1) by hour, otherwise the
days from _from to _to divided evenly into _parts, counted from 0. Each with what is compared and with that of the same part of
the comparison (fn.window_spans). Add up all rows of a part.';
