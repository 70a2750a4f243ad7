-- Called by app as account.
create function fn.deletions(_account_id uuid, _project_id uuid default null)
returns table (id uuid, project_id uuid, kind text, name text, requested_at timestamptz, responses bigint, deleted bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id);
    return query
    select d.id, d.project_id, d.kind, d.name, d.requested_at, d.responses, least(d.deleted, d.responses)
    from public.deletion as d
    where d.account_id = _account_id and (_project_id is null or d.project_id = _project_id)
    order by d.requested_at, d.id;
end;
$$;

comment on function fn.deletions is
'Deletions in progress of an account, or one project: how many responses there were and how many are deleted.';
