-- Called by app as account.
create function fn.api_keys(_account_id uuid, _project_id uuid)
returns table (
    id uuid, scope text, name text, hint text, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz,
    last_used_at timestamptz
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform fn.allow(_account_id, 'viewer', _project_id, 'manage');
    return query
    select k.id, k.scope, k.name, k.hint, k.created_at, k.expires_at, k.revoked_at, k.last_used_at
    from public.api_key as k
    where k.account_id = _account_id and k.project_id = _project_id
    order by k.revoked_at is not null, k.created_at desc, k.id desc
    limit 500;
end;
$$;

comment on function fn.api_keys is
'API keys of a project, newest first, revoked ones last. Of their secrets only the hint is known.';
