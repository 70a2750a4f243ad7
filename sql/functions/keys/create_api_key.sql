create function fn.create_api_key(
    _account_id uuid, _project_id uuid, _kind text, _token_hash bytea, _hint text, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
    _id uuid := fn.uuid_v7(_now);
begin
    insert into public.api_key (account_id, id, project_id, kind, token_hash, hint, created_at)
    values (_account_id, _id, _project_id, _kind, _token_hash, _hint, _now);
    return _id;
end;
$$;

comment on function fn.create_api_key is 'Keeps the SHA-256 of a new API key of a project, and its last characters as a hint.';
