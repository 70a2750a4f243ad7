-- Called by jobs as installation.
create function fn.close_periods(_now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _due record;
    _closed integer := 0;
begin
    if not pg_try_advisory_xact_lock(hashtext('fn.close_periods')) then
        return 0;
    end if;
    for _due in
        select p.account_id, p.id as project_id, u.unit, s.starts_on::date,
            (fn.period_start(u.unit, (_now at time zone p.time_zone)::date) - ('1 ' || u.unit)::interval)::date as newest
        from public.project as p
        cross join (values ('week'), ('month'), ('year')) as u (unit)
        left join public.period_close as c on c.account_id = p.account_id and c.project_id = p.id and c.unit = u.unit
        cross join lateral generate_series(
            coalesce(
                (c.starts_on + ('1 ' || u.unit)::interval)::date,
                fn.period_start(
                    u.unit,
                    least((p.created_at at time zone p.time_zone)::date, fn.first_day(p.account_id, p.id))
                )
            )::timestamp,
            fn.period_start(u.unit, (_now at time zone p.time_zone)::date) - ('1 ' || u.unit)::interval,
            ('1 ' || u.unit)::interval
        ) as s (starts_on)
        order by p.account_id, p.id, u.unit, s.starts_on
    loop
        delete from public.period_change as c  -- what was passed on until now is in it
        where c.account_id = _due.account_id and c.project_id = _due.project_id and c.unit = _due.unit
            and c.starts_on = _due.starts_on;
        perform fn.close_period(_due.account_id, _due.project_id, _due.unit, _due.starts_on);
        insert into public.period_close as c (account_id, project_id, unit, starts_on)
        values (_due.account_id, _due.project_id, _due.unit, _due.starts_on)
        on conflict (account_id, project_id, unit) do update set starts_on = excluded.starts_on;
        -- What an outage or a new project makes up for is no news.
        if _due.starts_on = _due.newest then
            perform fn.emit(
                _due.account_id, _due.project_id, 'recap.closed',
                jsonb_build_object('period', _due.unit, 'startsOn', _due.starts_on), _now
            );
        end if;
        _closed := _closed + 1;
    end loop;

    return _closed + fn.close_changed_periods();
end;
$$;

comment on function fn.close_periods is
'Closes weeks, months and years that are over in their project''s zone, and again those that late changes affect
(fn.close_changed_periods). Returns how many. Makes up for outages.';
