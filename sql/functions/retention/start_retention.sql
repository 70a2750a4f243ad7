-- Called by jobs as installation.
create function fn.start_retention(_now timestamptz default now())
returns table (account_id uuid, project_id uuid, after_id uuid, before_id uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    update public.project as p
    set retained_from = k.retained_from
    from (
        select q.account_id, q.id, (_now at time zone q.time_zone)::date - least(q.retention_days, r.days) as retained_from
        from public.project as q
        cross join lateral fn.plan_retention(q.account_id, _now) as r (days)
    ) as k
    where k.account_id = p.account_id and k.id = p.id and (p.retained_from < k.retained_from or p.retained_from is null)
        and k.retained_from is not null;
    return query
    -- An id is of the time of its response, to the day and some hours: zones, and clocks that differ.
    select p.account_id, p.id, fn.uuid_floor(coalesce((r.through - 3)::timestamp at time zone 'UTC', 'epoch')),
        fn.uuid_floor((p.retained_from + 3)::timestamp at time zone 'UTC')
    from public.project as p
    left join public.retention_result as r on r.account_id = p.account_id and r.project_id = p.id
    where p.retained_from is not null and (r.through is null or r.through < p.retained_from)
    order by p.account_id, p.id;
end;
$$;

comment on function fn.start_retention is
'Advances every project''s retained_from, by its setting and its plan. Returns the projects that have responses to delete, and
between which ids.';
