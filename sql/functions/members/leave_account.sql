-- Called by app as account.
create function fn.leave_account(_account_id uuid) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _person_id uuid;
    _member record;
begin
    perform fn.allow(_account_id, 'viewer');
    _person_id := fn.actor_person();
    select * into strict _member from fn.lock_member(_account_id, _person_id);
    if _member.role = 'owner' then
        raise exception 'You own this account, so you cannot leave it.'
            using errcode = 'FB409', hint = 'Transfer it first, or delete it.';
    end if;
    perform fn.add_audit_entry(_account_id, 'member.left', _member.email, jsonb_build_object('role', _member.role));
    perform fn.release_member(_account_id, _person_id);
    delete from public.member as m where m.account_id = _account_id and m.person_id = _person_id;
end;
$$;

comment on function fn.leave_account is 'Deletes the actor''s membership; FB409 for the owner, FB403 for an API key.';
