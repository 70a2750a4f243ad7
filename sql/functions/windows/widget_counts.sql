create function fn.widget_counts(
    _account_id uuid, _project_id uuid, _days smallint, _from date, _to date, _parts integer, _now timestamptz
) returns table (widget_id uuid, option_no smallint, part integer, count bigint, before bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    _span integer := _to - _from + 1;
begin
    if _days = 1 then
        return query
        select h.widget_id, h.option_no,
            mod(47 - (extract(epoch from date_trunc('hour', _now) - h.hour) / 3600)::integer, 24),
            sum(h.count) filter (where h.hour > _now - interval '24 hours')::bigint,
            sum(h.count) filter (where h.hour <= _now - interval '24 hours')::bigint
        from public.widget as s
        join fn.last_hour as h on h.account_id = _account_id and h.widget_id = s.id
        where s.account_id = _account_id and s.project_id = _project_id
            and h.hour between date_trunc('hour', _now) - interval '47 hours' and _now
        group by 1, 2, 3;
        return;
    end if;
    return query
    select t.widget_id, t.option_no, mod(t.day - _from + _span, _span) * _parts / _span,
        sum(t.count) filter (where t.day >= _from)::bigint, sum(t.count) filter (where t.day < _from)::bigint
    from public.widget_day as t
    where t.account_id = _account_id and t.project_id = _project_id and t.day between _from - _span and _to
    group by 1, 2, 3;
end;
$$;

comment on function fn.widget_counts is
'Responses of each widget of a project, by option and by part of a window: the last 24 hours (_days 1) by hour, otherwise the
days from _from to _to divided evenly into _parts, counted from 0; with those of the same part of the window before.';
