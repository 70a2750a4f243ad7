-- Called by ingest as installation.
create function fn.ingest_api_key(_token_hash bytea, _now timestamptz default now())
returns table (account_id uuid, project_id uuid, scope text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    _account_id uuid := fn.directory_account('api_key', _token_hash);
begin
    return query
    update public.api_key as k
    set last_used_at = _now
    where k.account_id = _account_id and k.token_hash = _token_hash and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > _now)
    returning k.account_id, k.project_id, k.scope;
end;
$$;

comment on function fn.ingest_api_key is 'The valid API key of a SHA-256, recorded as used now.';
