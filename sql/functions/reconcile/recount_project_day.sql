create function fn.recount_project_day(_account_id uuid, _project_id uuid, _from date, _to date)
returns setof public.project_day
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select t.account_id, t.project_id, t.day, sum(t.count)::bigint
    from public.widget_day as t
    where t.account_id = _account_id and t.project_id = _project_id and t.day between _from and _to
    group by t.account_id, t.project_id, t.day;
end;
$$;

comment on function fn.recount_project_day is
'What project_day should hold of a project for these days: the sums of widget_day.';
