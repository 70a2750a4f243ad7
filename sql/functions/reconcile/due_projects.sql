-- Called by jobs as installation.
create function fn.due_projects(_now timestamptz, _is_due_only boolean)
returns table (account_id uuid, project_id uuid)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.account_id, p.id
    from public.project as p
    left join public.reconcile_result as r on r.account_id = p.account_id and r.project_id = p.id
    where (
        not _is_due_only or r.started_at is null or r.started_at < _now - interval '23 hours 50 minutes'
        or r.started_at > _now  -- the clock was wrong
    ) and not exists (
        select 1 from public.deletion as d where d.account_id = p.account_id and d.id = p.id
    )
    order by r.started_at nulls first, p.account_id, p.id;
end;
$$;

comment on function fn.due_projects is
'Projects to reconcile, those first that have waited longest: all, or those whose last reconciliation was a day ago.';
