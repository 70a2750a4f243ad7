-- Called by app as account.
create function fn.delete_member(_account_id uuid, _person_id uuid, _now timestamptz default now()) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _member record;
begin
    perform fn.allow(_account_id, 'admin');
    select * into strict _member from fn.lock_member(_account_id, _person_id);
    if _member.role = 'owner' then
        raise exception 'The owner cannot be removed.'
            using errcode = 'FB403', hint = 'The owner can transfer the account and then leave.';
    end if;
    perform fn.add_audit_entry(_account_id, 'member.deleted', _member.email, jsonb_build_object('role', _member.role), _now => _now);
    perform fn.release_member(_account_id, _person_id);
    delete from public.member as m where m.account_id = _account_id and m.person_id = _person_id;
    perform fn.notify_member(_account_id, _member.email, 'You are no longer a member of this account.', _now);
end;
$$;

comment on function fn.delete_member is
'Deletes a member from an account and mails them. FB403 for the owner, FB404 for no such member.';
