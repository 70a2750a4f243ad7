-- Called by jobs as installation.
create function fn.record_retention(
    _account_id uuid, _project_id uuid, _through date, _deleted bigint, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.retention_result as r (account_id, project_id, through, finished_at, deleted)
    select p.account_id, p.id, _through, _now, _deleted
    from public.project as p
    where p.account_id = _account_id and p.id = _project_id and _through is not null
    on conflict (account_id, project_id) do update set
        through = greatest(r.through, excluded.through), finished_at = excluded.finished_at, deleted = excluded.deleted;
end;
$$;

comment on function fn.record_retention is
'Records that a project has no expired responses before the day _through: the next run begins there, and one that was cut off goes on.';
