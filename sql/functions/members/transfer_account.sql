-- Called by app as account.
create function fn.transfer_account(
    _account_id uuid, _person_id uuid, _session_hash bytea, _now timestamptz default now()
) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _new record;
    _old record;
begin
    perform fn.allow(_account_id, 'owner');
    select * into strict _new from fn.lock_member(_account_id, _person_id);
    select * into strict _old from fn.lock_member(_account_id, fn.confirmed_actor(_session_hash, _now));
    -- Of two that are handed over at once, the second is not theirs any more.
    perform fn.allow(_account_id, 'owner');
    if _new.role = 'owner' then
        raise exception 'You already own this account.' using errcode = 'FB409';
    end if;
    update public.member as m set role = 'admin' where m.account_id = _account_id and m.role = 'owner';
    update public.member as m set role = 'owner' where m.account_id = _account_id and m.person_id = _person_id;
    perform fn.add_audit_entry(
        _account_id, 'account.transferred', _new.email, jsonb_build_object('from', _old.email, 'to', _new.email), _now => _now
    );
    perform fn.notify_member(
        _account_id, m.email, format('%s handed the account over to %s, who owns it now.', _old.email, _new.email), _now
    )
    from unnest(array[_old.email, _new.email]) as m (email);
end;
$$;

comment on function fn.transfer_account is
'Makes another member the owner and the actor, the owner with a fresh confirmation (_session_hash), an admin; mails both. FB404
for no such member.';
