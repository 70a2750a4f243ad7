-- Called by jobs as installation.
create function fn.close_periods(_account_id uuid, _now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _project record;
    _starts_on date;
    _closed integer := 0;
begin
    perform fn.lock_close(_account_id);
    for _project in
        select p.id, u.unit, ('1 ' || u.unit)::interval as span, c.starts_on as closed_on,
            least(
                (p.created_at at time zone p.time_zone)::date,
                (select min(d.day) from public.project_day as d where d.account_id = _account_id and d.project_id = p.id)
            ) as first_day,
            (fn.period_start(u.unit, (_now at time zone p.time_zone)::date) - ('1 ' || u.unit)::interval)::date as newest
        from public.project as p
        cross join (values ('week'), ('month'), ('year')) as u (unit)
        left join public.period_close as c on c.account_id = p.account_id and c.project_id = p.id and c.unit = u.unit
        where p.account_id = _account_id
        order by p.id, u.unit
    loop
        _starts_on := coalesce((_project.closed_on + _project.span)::date, fn.period_start(_project.unit, _project.first_day));
        continue when _starts_on > _project.newest;
        delete from public.period_change as c  -- what was passed on until now is in them
        where c.account_id = _account_id and c.project_id = _project.id and c.unit = _project.unit
            and c.starts_on between _starts_on and _project.newest;
        perform fn.store_periods(_account_id, _project.id, _project.unit, _starts_on, _project.newest);
        insert into public.period_close as c (account_id, project_id, unit, starts_on)
        values (_account_id, _project.id, _project.unit, _project.newest)
        on conflict (account_id, project_id, unit) do update set starts_on = excluded.starts_on;
        -- What an outage or a new project makes up for is no news.
        perform fn.emit(
            _account_id, _project.id, 'recap.closed',
            jsonb_build_object('period', _project.unit, 'startsOn', _project.newest), _now
        );
        _closed := _closed + (select count(*) from generate_series(_starts_on, _project.newest, _project.span));
    end loop;

    return _closed + fn.close_changed_periods(_account_id);
end;
$$;

comment on function fn.close_periods is
'Closes weeks, months and years of an account that are over in their project''s zone, and again those that late changes affect
(fn.close_changed_periods). Returns how many. Makes up for outages.';
