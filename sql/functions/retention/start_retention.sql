-- Called by jobs as installation.
create function fn.start_retention(_account_id uuid, _now timestamptz default now())
returns table (account_id uuid, project_id uuid, after_id uuid, before_id uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _days integer := fn.plan_retention(_account_id, _now);
begin
    update public.project as p
    set retained_from = (_now at time zone p.time_zone)::date - least(p.retention_days, _days)
    where p.account_id = _account_id and least(p.retention_days, _days) is not null
        and coalesce(p.retained_from < (_now at time zone p.time_zone)::date - least(p.retention_days, _days), true);
    return query
    -- An id is of the time of its response, to the day and some hours: zones, and clocks that differ.
    select p.account_id, p.id, fn.uuid_floor(coalesce((r.through - 3)::timestamp at time zone 'UTC', 'epoch')),
        fn.uuid_floor((p.retained_from + 3)::timestamp at time zone 'UTC')
    from public.project as p
    left join public.retention_result as r on r.account_id = p.account_id and r.project_id = p.id
    where p.account_id = _account_id and p.retained_from is not null and (r.through is null or r.through < p.retained_from)
    order by p.id;
end;
$$;

comment on function fn.start_retention is
'Advances retained_from of an account''s projects, by their setting and the account''s plan. Returns the projects that have responses
to delete, and between which ids.';
