create function fn.trend(_account_id uuid, _project_id uuid, _from date, _to date, _widget_id uuid default null)
returns table (day date, responses bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if _widget_id is null then
        return query
        select d.day::date, coalesce(t.count, 0)
        from generate_series(_from::timestamp, _to::timestamp, '1 day') as d (day)
        left join public.project_day as t
            on t.account_id = _account_id and t.project_id = _project_id and t.day = d.day::date
            and t.day between _from and _to
        order by d.day;
        return;
    end if;
    return query
    select d.day::date, coalesce(t.responses, 0)
    from generate_series(_from::timestamp, _to::timestamp, '1 day') as d (day)
    left join (
        select s.day, sum(s.count)::bigint as responses
        from public.widget_day as s
        where s.account_id = _account_id and s.project_id = _project_id and s.day between _from and _to
            and s.widget_id = _widget_id
        group by s.day
    ) as t on t.day = d.day::date
    order by d.day;
end;
$$;

comment on function fn.trend is
'Responses of a project, or one widget, on each day from _from to _to in its zone; 0 on days without any.';
