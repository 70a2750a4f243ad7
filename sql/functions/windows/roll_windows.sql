-- Called by jobs as installation.
create function fn.roll_windows(_account_id uuid, _now timestamptz default now(), _limit integer default 200) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _until timestamptz := fn.full_hour(_now);
    _project_ids uuid[];
    _todays date[];
begin
    perform fn.lock_roll_up(_account_id);
    select array_agg(d.id), array_agg(d.today) into _project_ids, _todays
    from (
        select p.id, (_now at time zone p.time_zone)::date as today
        from public.project as p
        left join public.project_roll as r on r.account_id = p.account_id and r.project_id = p.id
        where p.account_id = _account_id
            and (r.through, r.counted_until, r.time_zone)
            is distinct from ((_now at time zone p.time_zone)::date, _until, p.time_zone)
        order by p.id
        limit _limit
    ) as d;
    if _project_ids is null then
        return 0;
    end if;
    perform fn.catch_up_windows(_account_id, d.id, d.today) from unnest(_project_ids, _todays) as d (id, today);
    perform fn.cut_windows(_account_id, _project_ids, _until);
    return cardinality(_project_ids);
end;
$$;

comment on function fn.roll_windows is
'Brings the windows of an account''s projects to their today and to the full hour; returns how many projects, at most _limit.
Makes up for outages, and for a clock that was wrong.';
