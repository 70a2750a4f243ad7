create function fn.placement_counts(
    _account_id uuid, _project_id uuid, _placement_id uuid, _from date, _to date, _parts integer
) returns table (option_no smallint, part integer, count bigint, compared bigint, before bigint)
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
    return query
    select t.option_no,
        (t.day - case when t.day >= _from then _from else _from - _shift end) * _parts / _span,
        sum(t.rolled) filter (where t.day >= _from)::bigint,
        sum(t.rolled) filter (where t.day >= _from and t.day < _to)::bigint,
        sum(t.rolled) filter (where t.day < _to - _shift)::bigint
    from public.tally_day as t
    where t.account_id = _account_id and t.placement_id = _placement_id and t.rolled <> 0
        and (t.day between _from and _to or t.day between _from - _shift and _to - _shift)
    group by 1, 2;
    if _to = _roll.through and exists (select from fn.window as w where w.days = _span) then
        return query
        select w.option_no, _parts - 1, 0::bigint, w.compared_part, w.before_part
        from public.placement_window as w
        where w.account_id = _account_id and w.placement_id = _placement_id and w.days = _span
            and (w.compared_part <> 0 or w.before_part <> 0);
        return;
    end if;
    return query
    select k.option_no, _parts - 1, 0::bigint, k.compared, k.before
    from fn.window_parts(
        _account_id, array[_project_id], _roll.time_zone, array[_from], array[_to], _roll.counted_until, _roll.has_moved
    ) as k
    where k.placement_id = _placement_id;
end;
$$;

comment on function fn.placement_counts is
'As fn.widget_counts, responses of a placement by option and by part of the days from _from to _to.';
