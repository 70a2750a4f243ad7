create function fn.recount_period_close(_account_id uuid, _project_id uuid, _now timestamptz default now())
returns setof public.period_close
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.account_id, p.id, u.unit,
        least(
            -- A project with a period has closed it.
            greatest(c.starts_on, (
                select max(e.starts_on) from public.period as e
                where e.account_id = _account_id and e.project_id = _project_id and e.unit = u.unit and e.scope = 'project'
                    and e.starts_on = fn.period_start(u.unit, e.starts_on)
            )),
            (fn.period_start(u.unit, (_now at time zone p.time_zone)::date) - ('1 ' || u.unit)::interval)::date
        )
    from public.project as p
    cross join (values ('week'), ('month'), ('year')) as u (unit)
    left join public.period_close as c on c.account_id = p.account_id and c.project_id = p.id and c.unit = u.unit
    where p.account_id = _account_id and p.id = _project_id
        and (
            c.starts_on is not null or exists (
                select 1 from public.period as e
                where e.account_id = _account_id and e.project_id = _project_id and e.unit = u.unit and e.scope = 'project'
                    and e.starts_on = fn.period_start(u.unit, e.starts_on)
            )
        );
end;
$$;

comment on function fn.recount_period_close is
'Which period of a project may be the last closed one: none that is not over. They may lag until fn.close_periods.';
