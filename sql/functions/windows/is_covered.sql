create function fn.is_covered(
    _account_id uuid, _project_id uuid, _from date, _to date, _compare text default 'previous'
) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return _compare <> 'none' and coalesce((
        select min(d.day) < _from - fn.comparison_days(_to - _from + 1, _compare)
        from public.project_day as d
        where d.account_id = _account_id and d.project_id = _project_id and d.count > 0
    ), false);
end;
$$;

comment on function fn.is_covered is
'As fn.covered_windows, whether the days from _from to _to can be compared; never with none (fn.comparison_days).';
