create function fn.first_day(_account_id uuid, _project_id uuid) returns date
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select min(t.day)
        from public.widget as s
        join public.placement as c on c.account_id = s.account_id and c.widget_id = s.id
        cross join lateral (
            select t.day from public.tally_day as t
            where t.account_id = c.account_id and t.placement_id = c.id
            order by t.day
            limit 1
        ) as t
        where s.account_id = _account_id and s.project_id = _project_id
    );
end;
$$;

comment on function fn.first_day is 'The first day on which a project counted a response; null without any.';
