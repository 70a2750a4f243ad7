create function fn.day_counts(
    _account_id uuid, _project_id uuid, _from date, _to date, _parts integer, _compare text, _placement_ids uuid[],
    _zone text, _through date, _until timestamptz, _has_moved boolean
) returns table (widget_id uuid, option_no smallint, part integer, count bigint, compared bigint, before bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
-- A year is thousands of rows in some hundred groups, of which the planner expects few: sorted, they take half as long again.
set enable_sort = off
as $$
#variable_conflict use_column
declare
    _span integer := _to - _from + 1;
    _shift integer := fn.comparison_days(_span, _compare);
    _is_whole boolean := fn.is_whole_window(_zone, _from, _to, _until, _compare);
begin
    -- Whole days, but for those in which the window and its comparison are cut.
    return query
    select t.widget_id, t.option_no, (t.day - s.start) * _parts / _span,
        sum(t.count) filter (where not s.is_before)::bigint,
        sum(t.count) filter (where not s.is_before and (_is_whole or t.day < _to))::bigint,
        sum(t.count) filter (where s.is_before and (_is_whole or t.day < _to - _shift))::bigint
    from (values (false, _from), (true, _from - _shift)) as s (is_before, start)
    join lateral (
        select d.widget_id, d.option_no, d.day, d.count
        from public.widget_day as d
        where _placement_ids is null and d.account_id = _account_id and d.project_id = _project_id
            and d.day between s.start and s.start + _span - 1
        union all
        select c.widget_id, d.option_no, d.day, d.rolled
        from public.placement as c
        join public.tally_day as d on d.account_id = _account_id and d.placement_id = c.id
        where c.account_id = _account_id and c.id = any (_placement_ids) and d.rolled <> 0
            and d.day between s.start and s.start + _span - 1
    ) as t on true
    group by 1, 2, 3;
    if _is_whole then
        return;
    end if;
    if _to = _through and _compare <> 'year' and exists (select 1 from fn.window as w where w.days = _span) then
        return query
        select w.widget_id, w.option_no, _parts - 1, 0::bigint, w.compared_part, w.before_part
        from public.widget_window as w
        where _placement_ids is null and w.account_id = _account_id and w.project_id = _project_id and w.days = _span
            and (w.compared_part <> 0 or w.before_part <> 0)
        union all
        select c.widget_id, w.option_no, _parts - 1, 0::bigint, w.compared_part, w.before_part
        from public.placement as c
        join public.placement_window as w on w.account_id = _account_id and w.placement_id = c.id
        where c.account_id = _account_id and c.id = any (_placement_ids) and w.days = _span
            and (w.compared_part <> 0 or w.before_part <> 0);
        return;
    end if;
    return query
    select k.widget_id, k.option_no, _parts - 1, 0::bigint, sum(k.compared)::bigint, sum(k.before)::bigint
    from fn.window_parts(
        _account_id, array[_project_id], _zone, array[_from], array[_to], _until, _has_moved, _compare
    ) as k
    where _placement_ids is null or k.placement_id = any (_placement_ids)
    group by k.widget_id, k.option_no;
end;
$$;

comment on function fn.day_counts is
'As fn.widget_counts, by parts of the days from _from to _to. Reads the counts of days, and of a window that is not one of
fn.window the responses of the days in which it and its comparison are cut.';
