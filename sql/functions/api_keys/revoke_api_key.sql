-- Called by app as account.
create function fn.revoke_api_key(_account_id uuid, _project_id uuid, _id uuid, _now timestamptz default now())
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _key public.api_key;
begin
    perform fn.allow(_account_id, 'admin');
    update public.api_key as k
    set revoked_at = coalesce(k.revoked_at, _now)
    where k.account_id = _account_id and k.project_id = _project_id and k.id = _id
    returning * into _key;
    if not found then
        raise exception 'There is no such API key.' using errcode = 'FB404', hint = 'See the API keys of your project.';
    end if;
    if _key.revoked_at = _now then
        perform fn.add_audit_entry(
            _account_id, 'api_key.revoked', coalesce(nullif(_key.name, ''), '…' || _key.hint),
            jsonb_build_object('scope', _key.scope, 'hint', _key.hint)
        );
    end if;
end;
$$;

comment on function fn.revoke_api_key is
'Revokes an API key: the management API refuses it at once, ingestion within seconds. Does nothing the second time. FB404,
FB403.';
