create function fn.covered_windows(_account_id uuid, _project_id uuid) returns smallint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return array(
        select w.days
        from public.project as p
        join public.project_roll as r on r.account_id = _account_id and r.project_id = p.id
        cross join lateral (
            select min(d.day) as day
            from public.project_day as d
            where d.account_id = _account_id and d.project_id = _project_id and d.count > 0
        ) as f
        cross join lateral (
            select ((r.counted_until - interval '48 hours') at time zone p.time_zone)::date as day
        ) as h
        cross join lateral (
            select d.days, r.through - d.days - d.shift + 1 as before_from from fn.window as d
            union all
            -- Hours are counted from responses, which must still be there.
            select 1::smallint, case when p.retained_from is null or p.retained_from <= h.day then h.day end
        ) as w
        where p.account_id = _account_id and p.id = _project_id and f.day < w.before_from
    );
end;
$$;

comment on function fn.covered_windows is
'Which windows of a project can be compared, by their days: those of which the comparison begins after the day of the project''s
first response.';
