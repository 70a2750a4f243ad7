-- Called by app as account.
create function fn.update_role(_account_id uuid, _person_id uuid, _role text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _member record;
begin
    perform fn.allow(_account_id, 'admin');
    if coalesce(_role, '') not in ('admin', 'editor', 'viewer') then
        raise exception 'The role must be admin, editor or viewer.'
            using errcode = 'FB422', hint = 'The owner can transfer the account.';
    end if;
    select * into strict _member from fn.lock_member(_account_id, _person_id);
    if _member.role = 'owner' then
        raise exception 'The owner''s role cannot be changed.'
            using errcode = 'FB403', hint = 'The owner can transfer the account.';
    end if;
    if _member.role <> _role then
        update public.member as m set role = _role where m.account_id = _account_id and m.person_id = _person_id;
        perform fn.add_audit_entry(
            _account_id, 'member.role_updated', _member.email, jsonb_build_object('from', _member.role, 'to', _role)
        );
    end if;
end;
$$;

comment on function fn.update_role is
'Updates a member''s role to admin, editor or viewer. FB403 for the owner, whose role only fn.transfer_account changes; FB404
for no such member.';
