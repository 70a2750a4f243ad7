-- Called by jobs as installation.
create function fn.unclosed_accounts(_now timestamptz) returns setof uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.account_id
    from public.project as p
    cross join (values ('week'), ('month'), ('year')) as u (unit)
    left join public.period_close as c on c.account_id = p.account_id and c.project_id = p.id and c.unit = u.unit
    where coalesce(
        (c.starts_on + ('1 ' || u.unit)::interval)::date,
        fn.period_start(u.unit, least(
            (p.created_at at time zone p.time_zone)::date,
            (select min(d.day) from public.project_day as d where d.account_id = p.account_id and d.project_id = p.id)
        ))
    ) < fn.period_start(u.unit, (_now at time zone p.time_zone)::date)
    union
    select c.account_id from public.period_change as c;
end;
$$;

comment on function fn.unclosed_accounts is 'Accounts with periods to close, or to close again (fn.close_periods).';
