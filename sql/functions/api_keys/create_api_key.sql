-- Called by app as account.
create function fn.create_api_key(
    _account_id uuid, _project_id uuid, _scope text, _token_hash bytea, _hint text, _name text default '',
    _expires_at timestamptz default null, _now timestamptz default now()
) returns uuid
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _id uuid := fn.uuid_v7(_now);
begin
    perform fn.allow(_account_id, 'admin');  -- not for a key: it would outlive itself
    -- What versions before scopes, and calls of the command line for them, say.
    _scope := case _scope when 'read' then 'read_messages' when 'write' then 'manage' else _scope end;
    if _scope is null or _scope not in ('send', 'read_counts', 'read_messages', 'manage') then
        raise exception 'scope must be send, read_counts, read_messages or manage.' using errcode = 'FB422';
    end if;
    if char_length(trim(_name)) > 100 or _name ~ '[[:cntrl:]]' then
        raise exception 'The name must have at most 100 characters, on one line.' using errcode = 'FB422';
    end if;
    if _expires_at <= _now then
        raise exception 'The expiry must be in the future.' using errcode = 'FB422', hint = 'Choose a later day.';
    end if;
    if not exists (select 1 from public.project as p where p.account_id = _account_id and p.id = _project_id) then
        raise exception 'There is no such project.' using errcode = 'FB404', hint = 'See the list of your projects.';
    end if;
    if 100 <= (
        select count(*) from public.api_key as k
        where k.account_id = _account_id and k.project_id = _project_id and k.revoked_at is null
    ) then
        raise exception 'A project can have at most 100 API keys.' using errcode = 'FB422', hint = 'Revoke one first.';
    end if;
    insert into public.api_key (
        account_id, id, project_id, scope, kind, token_hash, hint, name, created_at, expires_at
    )
    values (
        _account_id, _id, _project_id, _scope, case when _scope in ('send', 'manage') then 'write' else 'read' end,
        _token_hash, _hint, trim(_name), _now, _expires_at
    );
    insert into public.directory (lookup_key, account_id) values (_token_hash, _account_id);
    perform fn.add_audit_entry(
        _account_id, 'api_key.created', coalesce(nullif(trim(_name), ''), '…' || _hint),
        jsonb_build_object('scope', _scope, 'hint', _hint, 'expires_at', _expires_at)
    );
    return _id;
end;
$$;

comment on function fn.create_api_key is
'Stores the SHA-256 of a new API key with the end of its secret as hint, its name, and its expiry (null: valid until revoked). read and write
are older names of read_messages and manage. FB422, FB404, FB403.';
