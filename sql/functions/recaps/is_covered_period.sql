create function fn.is_covered_period(_account_id uuid, _project_id uuid, _unit text, _starts_on date) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce((
        select min(d.day) < (_starts_on - ('1 ' || _unit)::interval)::date
        from public.project_day as d
        where d.account_id = _account_id and d.project_id = _project_id and d.count > 0
    ), false);
end;
$$;

comment on function fn.is_covered_period is
'As fn.is_covered, whether a closed period can be compared with the one before.';
