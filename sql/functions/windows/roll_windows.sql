-- Called by jobs as installation.
create function fn.roll_windows(_now timestamptz default now(), _limit integer default 200) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _until timestamptz := fn.full_hour(_now);
    _project record;
    _count integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('fn.roll_up_tallies'));
    for _project in
        with due as (
            select p.account_id, p.id, (_now at time zone p.time_zone)::date as today
            from public.project as p
            left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
            where (r.through, r.counted_until, r.time_zone)
                is distinct from ((_now at time zone p.time_zone)::date, _until, p.time_zone)
            order by p.account_id, p.id
            limit _limit
        )
        select d.account_id, array_agg(d.id) as ids, array_agg(d.today) as todays from due as d group by d.account_id
    loop
        perform fn.catch_up_windows(_project.account_id, d.id, d.today)
        from unnest(_project.ids, _project.todays) as d (id, today);
        perform fn.cut_windows(_project.account_id, _project.ids, _until);
        _count := _count + cardinality(_project.ids);
    end loop;
    return _count;
end;
$$;

comment on function fn.roll_windows is
'Brings the windows of projects to their today and to the full hour; returns how many projects, at most _limit. Makes up for
outages, and for a clock that was wrong.';
