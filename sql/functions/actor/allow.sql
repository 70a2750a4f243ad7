create function fn.allow(_account_id uuid, _role text, _project_id uuid default null) returns void
language plpgsql stable
set search_path = ''
as $$
declare
    _roles constant text[] := '{viewer,editor,admin,owner}';
    _key_id uuid := nullif(current_setting('feelback.api_key_id', true), '')::uuid;
    _member_role text;
begin
    -- The command line signs in as the owner of it all.
    if pg_has_role(session_user, 'feelback_owner', 'member') then
        return;
    end if;
    if _key_id is null then
        select m.role into _member_role from public.member as m
        where m.account_id = _account_id
            and m.person_id = nullif(current_setting('feelback.person_id', true), '')::uuid;
    else
        -- Within its project a write key does what admins do; beyond it a key at most looks.
        select case when k.kind = 'write' and _project_id is not null then 'admin' else 'viewer' end into _member_role
        from public.api_key as k
        where k.account_id = _account_id and k.id = _key_id and k.project_id = coalesce(_project_id, k.project_id)
            and k.revoked_at is null and (k.expires_at is null or k.expires_at > now());
    end if;
    if _member_role is null then
        raise exception 'There is no such account or project.' using errcode = 'FB404', hint = 'Check the address, or switch to another account.';
    end if;
    if array_position(_roles, _member_role) < array_position(_roles, _role) then
        raise exception 'Only % can do this; you are %.',
            case _role
                when 'owner' then 'the owner of the account'
                when 'admin' then 'admins and the owner of the account'
                else 'editors, admins and the owner of the account'
            end,
            case when _key_id is null then _member_role else 'an API key that may not' end
            using errcode = 'FB403', hint = 'Ask one of them.';
    end if;
end;
$$;

comment on function fn.allow is
'Requires the actor of this transaction (a person or an API key, see TenantPool) to have at least that role in the account:
viewer, editor, admin or owner. FB404 for strangers, FB403 for a lower role. An API key is limited to its project.';
