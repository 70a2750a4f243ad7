-- Called by jobs as installation.
create function fn.roll_windows(_now timestamptz default now()) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _project record;
    _shifted integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    for _project in
        select p.account_id, p.id, (_now at time zone p.time_zone)::date as today
        from public.project as p
        left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
        where r.through is distinct from (_now at time zone p.time_zone)::date
        order by p.account_id, p.id
    loop
        _shifted := _shifted + fn.catch_up_windows(_project.account_id, _project.id, _project.today);
    end loop;
    return _shifted;
end;
$$;

comment on function fn.roll_windows is
'Moves the windows of every project to its today, day by day, making up for outages; returns how many days.';
