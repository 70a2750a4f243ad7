create function fn.placement_counts(_account_id uuid, _placement_id uuid, _from date, _to date, _parts integer)
returns table (option_no smallint, part integer, count bigint, before bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    _span integer := _to - _from + 1;
begin
    return query
    select t.option_no, mod(t.day - _from + _span, _span) * _parts / _span,
        sum(t.count) filter (where t.day >= _from)::bigint, sum(t.count) filter (where t.day < _from)::bigint
    from public.tally_day as t
    where t.account_id = _account_id and t.placement_id = _placement_id and t.day between _from - _span and _to
    group by 1, 2;
end;
$$;

comment on function fn.placement_counts is
'As fn.widget_counts, responses of a placement by option and by part of the days from _from to _to.';
