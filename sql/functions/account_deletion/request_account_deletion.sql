-- Called by app as account.
create function fn.request_account_deletion(
    _account_id uuid, _session_hash bytea, _now timestamptz default now()
) returns timestamptz
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    _me record;
    _at timestamptz := _now + interval '14 days';
begin
    perform fn.allow(_account_id, 'owner');
    select * into strict _me from fn.lock_member(_account_id, fn.confirmed_actor(_session_hash, _now));
    perform fn.allow(_account_id, 'owner');
    if _account_id = fn.first_account() then
        raise exception 'The command line creates projects in this account, so it cannot be deleted.'
            using errcode = 'FB409', hint = 'Delete its projects, or the whole installation.';
    end if;
    update public.account as a set deletion_at = _at, deletion_notified_at = null
    where a.id = _account_id and a.deletion_at is null;
    if not found then
        raise exception 'The deletion of this account has been requested already.' using errcode = 'FB409';
    end if;
    perform fn.end_subscription(_account_id, 'account.deletion_requested', _now);
    perform fn.notify_admins(
        _account_id, 'account_deletion', jsonb_build_object('by', _me.email, 'until', fn.mail_time(_at)), _now
    );
    perform fn.add_audit_entry(_account_id, 'account.deletion_requested', a.name, jsonb_build_object('until', _at), _now => _now)
    from public.account as a where a.id = _account_id;
    return _at;
end;
$$;

comment on function fn.request_account_deletion is
'Requests the deletion of an account in 14 days, for its owner with a fresh confirmation, and mails owner and admins. Its
subscriptions are charged no more from now on. Returns when. The account works until then. FB409 for the account of the command
line.';
