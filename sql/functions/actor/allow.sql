create function fn.allow(
    _account_id uuid, _role text, _project_id uuid default null, _scope text default null
) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    _roles constant text[] := '{viewer,editor,admin,owner}';
    _scopes constant text[] := '{send,read_counts,read_messages,manage}';
    _needed text := coalesce(_scope, case when _role = 'viewer' and _project_id is not null then 'read_counts' else 'manage' end);
    _key_scope text;
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
        -- Within its project a key with the scope manage does what admins do; beyond it a key at most reads.
        select k.scope, case when k.scope = 'manage' and _project_id is not null then 'admin' else 'viewer' end
        into _key_scope, _member_role
        from public.api_key as k
        where k.account_id = _account_id and k.id = _key_id and k.project_id = coalesce(_project_id, k.project_id)
            and k.revoked_at is null and (k.expires_at is null or k.expires_at > now());
        if array_position(_scopes, _key_scope) < array_position(_scopes, _needed) then
            raise exception 'This needs an API key with the scope %. This key may not: it has %.', _needed, _key_scope
                using errcode = 'FB403', hint = 'Create another API key in the panel.';
        end if;
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
viewer, editor, admin or owner. FB404 for strangers, FB403 for a lower role. An API key is limited to its project and needs
_scope (send, read_counts, read_messages or manage; each includes those before it, but that only send and manage may send): by
default read_counts where a viewer may read a project, else manage.';
